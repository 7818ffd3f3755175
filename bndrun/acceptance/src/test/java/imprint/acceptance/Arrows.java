package imprint.acceptance;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** What a bundle leans on, by its manifest and by its classes, and whether it may. */
record Arrows(String bundle, Set<String> contained, Set<String> imported) {
    /** For everyone. */
    private static final List<String> BELOW = List.of("java", "javax", "org.osgi");
    private static final String API = "imprint.api";
    private static final String JACKSON = "com.fasterxml.jackson";
    /** Those that are no plugins. */
    private static final Map<String, List<String>> HOUSE = Map.of(
            API, List.of(),
            "imprint.engine", List.of(API, JACKSON),
            "imprint.shell", List.of(API, JACKSON, "picocli", "org.jline", "org.apache.felix.gogo", "org.apache.felix.service.command"));
    /** A plugin's one declared library. */
    private static final Map<String, String> LIBRARY = Map.of(
            "imprint.zstd", "com.github.luben.zstd",
            "imprint.par2", "jdk.incubator.vector");

    static Arrows of(Path jar) throws IOException {
        var contained = new TreeSet<String>();
        var imported = new TreeSet<String>();
        try (var file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            for (var entry : (Iterable<java.util.jar.JarEntry>) file.stream()::iterator) {
                if (entry.getName().endsWith(".class")) {
                    ClassModel model = ClassFile.of().parse(file.getInputStream(entry).readAllBytes());
                    contained.add(model.thisClass().asSymbol().packageName());
                    imported.addAll(leansOn(model));
                }
            }
            imported.addAll(packages(manifest.getMainAttributes().getValue("Import-Package")));
            imported.removeAll(contained);
            return new Arrows(manifest.getMainAttributes().getValue("Bundle-SymbolicName"), contained, imported);
        }
    }

    /** The package names of an Import-Package header: clauses are divided by commas outside quotes. */
    static List<String> packages(String header) {
        var names = new ArrayList<String>();
        for (String clause : header == null ? new String[0] : header.replaceAll("\"[^\"]*\"", "").split(",")) {
            for (String part : clause.split(";")) {
                if (!part.contains("=")) {
                    names.add(part.strip());
                }
            }
        }
        return names;
    }

    private static Set<String> leansOn(ClassModel model) {
        var types = new ArrayList<ClassDesc>();
        for (PoolEntry entry : model.constantPool()) {
            switch (entry) {
                case ClassEntry type -> types.add(type.asSymbol());
                case MethodTypeEntry type -> addAll(types, type.asSymbol());
                case NameAndTypeEntry name -> {
                    String descriptor = name.type().stringValue();
                    if (descriptor.startsWith("(")) {
                        addAll(types, MethodTypeDesc.ofDescriptor(descriptor));
                    } else {
                        types.add(ClassDesc.ofDescriptor(descriptor));
                    }
                }
                default -> { }
            }
        }
        model.methods().forEach(method -> addAll(types, method.methodTypeSymbol()));
        model.fields().forEach(field -> types.add(field.fieldTypeSymbol()));
        var packages = new TreeSet<String>();
        for (ClassDesc type : types) {
            ClassDesc element = type;
            while (element.isArray()) {
                element = element.componentType();
            }
            if (!element.isPrimitive()) {
                packages.add(element.packageName());
            }
        }
        return packages;
    }

    private static void addAll(Collection<ClassDesc> types, MethodTypeDesc method) {
        types.addAll(method.parameterList());
        types.add(method.returnType());
    }

    /** Sentences, none when every arrow points down. */
    List<String> wrong(Set<String> bundlesOfTheHouse) {
        var wrong = new ArrayList<String>();
        for (String name : imported) {
            if (!mayImport(name)) {
                wrong.add(bundle + " imports " + name);
            }
        }
        for (String name : contained) {                           // a copy is no way around an arrow
            if (!name.equals(bundle) && bundlesOfTheHouse.contains(name)) {
                wrong.add(bundle + " contains " + name);
            }
        }
        return wrong;
    }

    private boolean mayImport(String name) {
        var allowed = new ArrayList<>(BELOW);
        allowed.addAll(HOUSE.getOrDefault(bundle, List.of(API)));
        if (LIBRARY.containsKey(bundle)) {
            allowed.add(LIBRARY.get(bundle));
        }
        return allowed.stream().anyMatch(each -> name.equals(each) || name.startsWith(each + "."));
    }
}
