package io.claviger.client.settings;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import io.claviger.client.settings.PrivateFiles.Replacement;
import io.claviger.client.terminal.ProgramContext;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * This user's sign-ins. For each server, there is a file whose name is the name that the user gave
 * the server. Several processes may read and replace these files concurrently.
 */
public final class SavedSignIns {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final String JSON = ".json";
  private static final String CURRENT = "current-server";

  /**
   * The number of bytes of disk space that is reserved for a sign-in. No sign-in needs more, even
   * with new tokens.
   */
  private static final int ROOM = 65_536;

  private final Path directory;

  public SavedSignIns(Path directory) {
    this.directory = directory;
  }

  /**
   * Returns the sign-ins in {@code $XDG_CONFIG_HOME/claviger}, or in {@code ~/.config/claviger} if
   * this variable is not set.
   */
  public static SavedSignIns of(ProgramContext context) {
    return new SavedSignIns(
        context
            .variable("XDG_CONFIG_HOME")
            .map(Path::of)
            .filter(Path::isAbsolute)
            .orElseGet(() -> context.home().resolve(".config"))
            .resolve("claviger"));
  }

  public Path directory() {
    return directory;
  }

  /** Returns the endpoints to which this user has agreed to send keys of a server's services. */
  public ConfirmedDestinations destinationsAt(URI server) {
    return new ConfirmedDestinations(directory, server);
  }

  /** Returns the sorted names of the servers at which the user is signed in. */
  public List<String> names() {
    Path servers = directory.resolve("servers");
    if (!Files.isDirectory(servers)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(servers)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(JSON) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - JSON.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(servers, e);
    }
  }

  /**
   * Returns the server of the last sign-in. Commands use this server if their arguments name no
   * server.
   */
  public Optional<String> current() {
    try {
      String name = Files.readString(directory.resolve(CURRENT), StandardCharsets.UTF_8).strip();
      return Optional.of(name).filter(each -> names().contains(each));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(directory.resolve(CURRENT), e);
    }
  }

  /** Reads a sign-in; empty if there is no sign-in with the given name. */
  public Optional<SavedSignIn> find(String name) {
    Path file = file(name);
    try {
      return Optional.of(SavedSignIn.from(JsonTrees.read(Files.readAllBytes(file))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (JacksonException | IllegalArgumentException | ClientFault e) {
      throw ClientFault.of(
          "%s is damaged".formatted(file),
          "Delete the file, and sign in again: claviger login URL");
    }
  }

  /** Returns the file of a sign-in if other users of this machine may read or write the file. */
  public Optional<Path> openToOthers(String name) {
    return Optional.of(file(name)).filter(PrivateFiles::isOpenToOthers);
  }

  /** Stores a new sign-in, and makes it the current sign-in. */
  public void add(String name, SavedSignIn signIn) {
    try (FileLocks.Held lock = FileLocks.hold(lockFile(name))) {
      lock.assertHeld();
      PrivateFiles.write(file(name), signIn.json());
      PrivateFiles.write(
          directory.resolve(CURRENT), name.concat("\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Replaces a sign-in. Only one process at a time can replace a sign-in. The function {@code
   * change} gets the sign-in that is stored when the function runs. Another process might have
   * replaced the sign-in since this process last read it.
   *
   * @param change the function that returns the sign-in to store, or its argument if nothing
   *     changes
   * @return the sign-in that {@code change} returned
   * @throws ClientFault if settings can't be stored here, or if there is no such sign-in. In both
   *     cases, {@code change} is not called. Also thrown if {@code change} throws it
   */
  public SavedSignIn replace(String name, UnaryOperator<SavedSignIn> change) {
    try (FileLocks.Held lock = FileLocks.hold(lockFile(name));
        Replacement replacement = PrivateFiles.replace(file(name), ROOM)) {
      lock.assertHeld();
      SavedSignIn former = find(name).orElseThrow(() -> notSignedIn(name));
      SavedSignIn changed = change.apply(former);
      if (!changed.equals(former)) {
        replacement.complete(changed.json());
      }
      return changed;
    }
  }

  public void remove(String name) {
    try (FileLocks.Held lock = FileLocks.hold(lockFile(name))) {
      lock.assertHeld();
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw PrivateFiles.unwritable(file(name), e);
    }
  }

  /**
   * Throws an exception if settings can't be stored here, for example because the home directory is
   * read-only.
   */
  public void assertWritable() {
    PrivateFiles.replace(directory.resolve(CURRENT), ROOM).close();
  }

  public static ClientFault notSignedIn(String name) {
    return ClientFault.of(
        "nobody is signed in to a server named `%s`".formatted(name),
        "claviger login URL --name " + name);
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  private Path file(String name) {
    if (!isName(name)) {
      throw ClientFault.of("a server's name has 1 to 64 characters of a-z, 0-9, `.`, `_` and `-`");
    }
    return directory.resolve("servers").resolve(name + JSON);
  }

  private Path lockFile(String name) {
    return file(name).resolveSibling("." + name + ".lock");
  }

  private static ClientFault unreadable(Path file, IOException fault) {
    return ClientFault.of("%s can't be read: %s".formatted(file, PrivateFiles.reason(fault)));
  }
}
