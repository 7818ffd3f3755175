package imprint.raw;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;

/**
 * The few system calls that the JDK has no word for, on descriptors of our own. Where native access is denied
 * {@link #AVAILABLE} is false and callers do without: no holes are found, locks are the JDK's, devices are not written.
 */
final class Kernel {

    static final int ENOENT = 2, EIO = 5, ENXIO = 6, EAGAIN = 11, EACCES = 13, EBUSY = 16, EINVAL = 22, EFBIG = 27,
            ENOSPC = 28, EROFS = 30, EPIPE = 32, ELOOP = 40, EDQUOT = 122;

    /** Flags of open(2). Two of them differ by processor. */
    static final int O_RDONLY = 0, O_RDWR = 2, O_EXCL = 0x80, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000;
    static final int O_DIRECT = arm() ? 0x10000 : 0x4000;
    static final int O_NOFOLLOW = arm() ? 0x8000 : 0x20000;

    /** Requests of ioctl(2) on a block device. */
    static final long BLKRRPART = 0x125f, BLKFLSBUF = 0x1261, BLKZEROOUT = 0x127f;

    private static final int SEEK_DATA = 3, SEEK_HOLE = 4;
    private static final int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4;
    private static final int FADV_DONTNEED = 4;
    private static final int RWF_NOWAIT = 8;
    private static final int SYNC_FILE_RANGE_WRITE = 2;

    /** Whether system calls can be made from here. */
    static final boolean AVAILABLE = Calls.problem() == null;

    private Kernel() {}

    private static boolean arm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    /** A system call that failed. */
    static final class Failure extends IOException {

        private static final long serialVersionUID = 1L;

        private final int errno;

        private Failure(int errno) {
            super(says(errno));
            this.errno = errno;
        }

        /** The number of the error. */
        int errno() {
            return errno;
        }
    }

    /** What the system says to an error, in the user's language, as the JDK's exceptions say it. */
    static String says(int errno) {
        return AVAILABLE ? Calls.says(errno) : "error " + errno;
    }

    /**
     * Whether the JDK's exception stands for one of these errors. The JDK gives the system's words and no number; where
     * the system cannot be asked for its words, they are the English ones.
     */
    static boolean is(IOException failure, int... errors) {
        String message = String.valueOf(failure.getMessage());
        for (int errno : errors) {
            String english = switch (errno) {
                case EIO -> "Input/output error";
                case EFBIG -> "File too large";
                case ENOSPC -> "No space left on device";
                case EPIPE -> "Broken pipe";
                case EDQUOT -> "Disk quota exceeded";
                case EINVAL -> "Invalid argument";
                default -> "error " + errno;
            };
            if (message.contains(says(errno)) || message.contains(english)) {
                return true;
            }
        }
        return false;
    }

    /** A file descriptor. Its calls take turns, so that closing never meets one under way. */
    static final class Descriptor implements Closeable {

        private final int number;
        private boolean closed;

        private Descriptor(int number) {
            this.number = number;
        }

        /** @throws Failure with the number of the error */
        static Descriptor open(Path path, int flags) throws IOException {
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                MemorySegment name = Calls.name(arena, path);
                int all = flags | O_CLOEXEC;
                int mode = 0;
                int number = (int) Calls.OPEN.invokeExact(state, name, all, mode);
                return new Descriptor((int) checked(number, state));
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** A name of the open file itself, whatever became of the name it was opened by. */
        Path self() {
            return Path.of("/proc/self/fd", Integer.toString(number));
        }

        /** The next byte at or after {@code from} that is stored; -1 where only a hole follows. */
        long nextData(long from) throws IOException {
            return seek(from, SEEK_DATA);
        }

        /** The next byte at or after {@code from} that is not stored, the end of the file at last; -1 past the end. */
        long nextHole(long from) throws IOException {
            return seek(from, SEEK_HOLE);
        }

        private synchronized long seek(long from, int whence) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                long found = (long) Calls.LSEEK.invokeExact(state, number, from, whence);
                if (found < 0 && Calls.errno(state) == ENXIO) {
                    return -1;
                }
                return checked(found, state);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Takes the advisory lock at once. @return false where somebody else holds it */
        synchronized boolean lock(boolean shared) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                int how = (shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
                int result = (int) Calls.FLOCK.invokeExact(state, number, how);
                if (result < 0 && Calls.errno(state) == EAGAIN) {
                    return false;
                }
                checked(result, state);
                return true;
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Makes the file {@code size} bytes long, either way. */
        synchronized void truncate(long size) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                int result = (int) Calls.FTRUNCATE.invokeExact(state, number, size);
                checked(result, state);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Reads into a direct buffer. @return bytes, 0 at the end */
        synchronized int read(long offset, ByteBuffer direct) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                MemorySegment target = MemorySegment.ofBuffer(direct);
                long length = direct.remaining();
                long got = (long) Calls.PREAD.invokeExact(state, number, target, length, offset);
                checked(got, state);
                direct.position(direct.position() + (int) got);
                return (int) got;
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Whether the byte at {@code offset} is in memory; false too where the file system does not tell. */
        synchronized boolean isCached(long offset) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                var vector = arena.allocate(16, 8);
                vector.set(ADDRESS, 0, arena.allocate(1));
                vector.set(JAVA_LONG, 8, 1);
                int count = 1;
                int flags = RWF_NOWAIT;
                long got = (long) Calls.PREADV2.invokeExact(state, number, vector, count, offset, flags);
                return got == 1;
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** A request without an argument. */
        void request(long request) throws IOException {
            try (var arena = Arena.ofConfined()) {
                request(request, arena, MemorySegment.NULL);
            }
        }

        /** A request about a run of bytes. */
        void request(long request, long offset, long length) throws IOException {
            try (var arena = Arena.ofConfined()) {
                request(request, arena, arena.allocateFrom(JAVA_LONG, offset, length));
            }
        }

        private synchronized void request(long request, Arena arena, MemorySegment argument) throws IOException {
            ensureOpen();
            try {
                var state = arena.allocate(Calls.STATE);
                int result = (int) Calls.IOCTL.invokeExact(state, number, request, argument);
                checked(result, state);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Has written bytes begin their way to the disk, without waiting; what the file system does not want is left. */
        synchronized void beginSync(long offset, long length) throws IOException {
            ensureOpen();
            try {
                int flags = SYNC_FILE_RANGE_WRITE;
                int ignored = (int) Calls.SYNC_RANGE.invokeExact(number, offset, length, flags);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Lets go of what the cache holds of the whole file; written bytes have to be synced before. */
        synchronized void forgetCached() throws IOException {
            ensureOpen();
            try {
                long whole = 0;
                int advice = FADV_DONTNEED;
                int error = (int) Calls.FADVISE.invokeExact(number, whole, whole, advice);
                if (error != 0) {
                    throw new Failure(error);
                }
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            if (closed) {
                return;
            }
            closed = true;
            try (var arena = Arena.ofConfined()) {
                var state = arena.allocate(Calls.STATE);
                int result = (int) Calls.CLOSE.invokeExact(state, number);
                checked(result, state);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        private void ensureOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        private static long checked(long result, MemorySegment state) throws Failure {
            if (result < 0) {
                throw new Failure(Calls.errno(state));
            }
            return result;
        }

        /** invokeExact declares every Throwable; only these can come. */
        private static IOException rethrown(Throwable problem) {
            return switch (problem) {
                case IOException failure -> failure;
                case RuntimeException mistake -> throw mistake;
                case Error grave -> throw grave;
                default -> new IOException(problem);
            };
        }
    }

    /** The handles, linked when first used. */
    private static final class Calls {

        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final Linker.Option KEEPS_ERRNO = Linker.Option.captureCallState("errno");
        private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);
        private static final Throwable PROBLEM;

        static final MethodHandle OPEN, CLOSE, LSEEK, FLOCK, FTRUNCATE, PREAD, PREADV2, IOCTL, FADVISE, SYNC_RANGE;
        private static final MethodHandle STRERROR;

        static {
            MethodHandle[] handles = new MethodHandle[11];
            Throwable problem = null;
            try {
                handles[0] = link("open", JAVA_INT, new MemoryLayout[] {ADDRESS, JAVA_INT, JAVA_INT}, KEEPS_ERRNO, VARIADIC);
                handles[1] = link("close", JAVA_INT, new MemoryLayout[] {JAVA_INT}, KEEPS_ERRNO);
                handles[2] = link("lseek", JAVA_LONG, new MemoryLayout[] {JAVA_INT, JAVA_LONG, JAVA_INT}, KEEPS_ERRNO);
                handles[3] = link("flock", JAVA_INT, new MemoryLayout[] {JAVA_INT, JAVA_INT}, KEEPS_ERRNO);
                handles[4] = link("ftruncate", JAVA_INT, new MemoryLayout[] {JAVA_INT, JAVA_LONG}, KEEPS_ERRNO);
                handles[5] = link("pread", JAVA_LONG, new MemoryLayout[] {JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG}, KEEPS_ERRNO);
                handles[6] = link("preadv2", JAVA_LONG,
                        new MemoryLayout[] {JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT}, KEEPS_ERRNO);
                handles[7] = link("ioctl", JAVA_INT, new MemoryLayout[] {JAVA_INT, JAVA_LONG, ADDRESS}, KEEPS_ERRNO, VARIADIC);
                handles[8] = link("posix_fadvise", JAVA_INT, new MemoryLayout[] {JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT});
                handles[9] = link("strerror", ADDRESS, new MemoryLayout[] {JAVA_INT});
                handles[10] = link("sync_file_range", JAVA_INT, new MemoryLayout[] {JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT});
            } catch (IllegalCallerException | UnsupportedOperationException | UnsatisfiedLinkError
                    | java.util.NoSuchElementException denied) {
                problem = denied;
                System.getLogger(Kernel.class.getName()).log(System.Logger.Level.WARNING,
                        "native calls are not possible here, so holes stay unknown and devices cannot be written", denied);
            }
            OPEN = handles[0];
            CLOSE = handles[1];
            LSEEK = handles[2];
            FLOCK = handles[3];
            FTRUNCATE = handles[4];
            PREAD = handles[5];
            PREADV2 = handles[6];
            IOCTL = handles[7];
            FADVISE = handles[8];
            STRERROR = handles[9];
            SYNC_RANGE = handles[10];
            PROBLEM = problem;
        }

        static Throwable problem() {
            return PROBLEM;
        }

        private static MethodHandle link(String name, MemoryLayout result, MemoryLayout[] arguments, Linker.Option... options) {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(),
                    FunctionDescriptor.of(result, arguments), options);
        }

        static int errno(MemorySegment state) {
            return (int) ERRNO.get(state, 0L);
        }

        static String says(int errno) {
            try {
                MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
                return text.reinterpret(256).getString(0, nativeCharset());
            } catch (Throwable problem) {
                throw new IllegalStateException("strerror", problem);
            }
        }

        private static java.nio.charset.Charset nativeCharset() {
            return java.nio.charset.Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"),
                    java.nio.charset.StandardCharsets.UTF_8);
        }

        /** The bytes of a path, whatever the locale makes of them: a URI keeps them all. */
        static MemorySegment name(Arena arena, Path path) {
            byte[] escaped = path.toUri().getRawPath().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            var name = arena.allocate(escaped.length + 1L);
            long length = 0;
            for (int i = 0; i < escaped.length; i++) {
                int value = escaped[i];
                if (value == '%') {
                    value = Integer.parseInt(new String(escaped, i + 1, 2, java.nio.charset.StandardCharsets.US_ASCII), 16);
                    i += 2;
                }
                name.set(java.lang.foreign.ValueLayout.JAVA_BYTE, length++, (byte) value);
            }
            return name;
        }
    }
}
