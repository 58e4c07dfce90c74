// The Unix socket's file: mode 0600 from its first instant under its name.
package axiom.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;

/** Java cannot set a umask, so the socket is bound in a private folder beside its place and then moved there. */
final class SocketFile {
    private final Path path;
    private final Path folder;

    private SocketFile(Path path, Path folder) {
        this.path = path;
        this.folder = folder;
    }

    /** Throws IOException where the path holds something else than a socket that was left behind. */
    static SocketFile prepare(Path path) throws IOException {
        Path place = path.toAbsolutePath();
        if (Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(place)) {
            throw new IOException("there is a file of that name that is no socket; remove it or set AXIOM_SOCKET");
        }
        // Short, because a socket's path holds 108 bytes at most (unix(7)).
        Path folder = place.resolveSibling("." + Integer.toHexString(new SecureRandom().nextInt(1 << 24)));
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return new SocketFile(place, folder);
    }

    /** Where to bind. */
    Path draft() {
        return folder.resolve("s");
    }

    /** Gives the bound socket its name. */
    void publish() throws IOException {
        Files.setPosixFilePermissions(draft(), PosixFilePermissions.fromString("rw-------"));
        Files.move(draft(), path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(folder);
    }

    /** Takes back what {@link #prepare} made, when nothing could be bound there. */
    void discard() throws IOException {
        Files.deleteIfExists(draft());
        Files.deleteIfExists(folder);
    }

    /** Best effort: the process is about to end. */
    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException leftBehind) {
            System.err.println("could not remove " + path);
        }
    }
}
