package imprint.api;

/** An ability: a volume that is read faster by several threads, each taking the next piece in ascending order. */
public interface Parallel {

    /** Threads that help; never more than the job's. */
    int readers();

    /** Pieces that start at multiples of this many bytes are read without decoding anything twice; 1 where it is all one. */
    long grain();
}
