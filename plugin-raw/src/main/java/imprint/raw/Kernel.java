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
import java.lang.ref.Reference;
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
                int number = (int) Calls.call(Calls.OPEN, state, name.address(), flags | O_CLOEXEC);
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
                long found = Calls.call(Calls.LSEEK, state, number, from, whence);
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
                int result = (int) Calls.call(Calls.FLOCK, state, number, how);
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
                int result = (int) Calls.call(Calls.FTRUNCATE, state, number, size);
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
                long target = MemorySegment.ofBuffer(direct).address();
                long got = Calls.call(Calls.PREAD, state, number, target, direct.remaining(), offset);
                Reference.reachabilityFence(direct);
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
                long got = Calls.call(Calls.PREADV2, state, number, vector.address(), 1, offset, RWF_NOWAIT);
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
                int result = (int) Calls.call(Calls.IOCTL, state, number, request, argument.address());
                checked(result, state);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Has written bytes begin their way to the disk, without waiting; what the file system does not want is left. */
        synchronized void beginSync(long offset, long length) throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                Calls.call(Calls.SYNC_RANGE, arena.allocate(Calls.STATE), number, offset, length, SYNC_FILE_RANGE_WRITE);
            } catch (Throwable problem) {
                throw rethrown(problem);
            }
        }

        /** Lets go of what the cache holds of the whole file; written bytes have to be synced before. */
        synchronized void forgetCached() throws IOException {
            ensureOpen();
            try (var arena = Arena.ofConfined()) {
                int error = (int) Calls.call(Calls.FADVISE, arena.allocate(Calls.STATE), number, 0, 0, FADV_DONTNEED);
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
                int result = (int) Calls.call(Calls.CLOSE, state, number);
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

    /**
     * The calls. All go through one handle of one shape, since each shape that is linked costs a start more than all its
     * calls: integers, pointers and results are 64 bits wide, which Linux's ABIs for x86-64 and aarch64 both allow,
     * variadic functions included; of an int result the low half counts.
     */
    private static final class Calls {

        static final MemoryLayout STATE = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle CALL;
        private static final Throwable PROBLEM;

        static final MemorySegment OPEN = symbol("open"), CLOSE = symbol("close"), LSEEK = symbol("lseek"),
                FLOCK = symbol("flock"), FTRUNCATE = symbol("ftruncate"), PREAD = symbol("pread"), PREADV2 = symbol("preadv2"),
                IOCTL = symbol("ioctl"), FADVISE = symbol("posix_fadvise"), SYNC_RANGE = symbol("sync_file_range");
        private static final MemorySegment STRERROR = symbol("strerror");

        static {
            MethodHandle call = null;
            Throwable problem = null;
            try {
                call = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_LONG, JAVA_LONG, JAVA_LONG), Linker.Option.captureCallState("errno"));
                if (OPEN.address() == 0) {
                    throw new UnsatisfiedLinkError("the C library has no open");
                }
            } catch (IllegalCallerException | UnsupportedOperationException | UnsatisfiedLinkError denied) {
                problem = denied;
                System.getLogger(Kernel.class.getName()).log(System.Logger.Level.WARNING,
                        "native calls are not possible here, so holes stay unknown and devices cannot be written", denied);
            }
            CALL = call;
            PROBLEM = problem;
        }

        private static MemorySegment symbol(String name) {
            return Linker.nativeLinker().defaultLookup().find(name).orElse(MemorySegment.NULL);
        }

        /** Calls a function with one to six arguments. Pointers have to stay alive until it returns. */
        static long call(MemorySegment function, MemorySegment state, long... arguments) throws Throwable {
            if (function.address() == 0) {
                throw new UnsupportedOperationException("the C library does not have this call");
            }
            long a = arguments[0];
            long b = arguments.length > 1 ? arguments[1] : 0;
            long c = arguments.length > 2 ? arguments[2] : 0;
            long d = arguments.length > 3 ? arguments[3] : 0;
            long e = arguments.length > 4 ? arguments[4] : 0;
            long f = arguments.length > 5 ? arguments[5] : 0;
            return (long) CALL.invokeExact(function, state, a, b, c, d, e, f);
        }

        static Throwable problem() {
            return PROBLEM;
        }

        static int errno(MemorySegment state) {
            return (int) ERRNO.get(state, 0L);
        }

        static String says(int errno) {
            try (var arena = Arena.ofConfined()) {
                var text = MemorySegment.ofAddress(call(STRERROR, arena.allocate(STATE), errno));
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
