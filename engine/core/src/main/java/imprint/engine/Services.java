package imprint.engine;

import imprint.api.Format;
import imprint.api.Integrity;
import imprint.api.Sink;
import imprint.api.Source;
import imprint.api.Surveyor;

/** What is installed now, by kind. */
final class Services {
    final Registry<Source> sources = new Registry<>();
    final Registry<Sink> sinks = new Registry<>();
    final Registry<Format> formats = new Registry<>();
    final Registry<Surveyor> surveyors = new Registry<>();
    final Registry<Integrity> integrities = new Registry<>();
}
