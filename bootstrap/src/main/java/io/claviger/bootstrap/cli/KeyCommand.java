package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.Keyring;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.host.StartRefused;
import io.claviger.wiring.CommandContext;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command that shows or changes the encryption keys that the database records. */
public abstract class KeyCommand implements Callable<Integer> {
  private final Program keys;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  KeyCommand(Program keys, Map<String, String> environment) {
    this.keys = keys;
    this.environment = environment;
  }

  @Override
  public final Integer call() {
    check();
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    try (OpenKeys opened = keys.open(settings, isForLostKeys())) {
      return run(opened, spec.commandLine().getOut(), spec.commandLine().getErr());
    } finally {
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().flush();
    }
  }

  abstract int run(OpenKeys opened, PrintWriter out, PrintWriter err);

  /**
   * @throws ParameterException if the arguments can't be combined
   */
  void check() {}

  /** Whether operators who have lost an encryption key can run the command too. */
  boolean isForLostKeys() {
    return false;
  }

  final EncryptionKeyId id(String text) {
    try {
      return new EncryptionKeyId(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "an encryption key's id has 8 lower-case hex digits, as `keys status` shows them");
    }
  }

  static StartRefused refused(KeyObstacle why) {
    return new StartRefused(sentence(why));
  }

  private static String sentence(KeyObstacle why) {
    return switch (why) {
      case KeyObstacle.Unknown unknown ->
          "the encryption key %s is not on record; `keys status` lists those that are"
              .formatted(unknown.key());
      case KeyObstacle.AlreadyRetired retired ->
          "the encryption key %s is retired: put a live key first in ENCRYPTION_KEY"
              .formatted(retired.key());
      case KeyObstacle.OnlyLive only ->
          "%s is the only live encryption key: rotate to another one first".formatted(only.key());
      case KeyObstacle.LackedBy lacked ->
          "the encryption key %s is missing at %s: add it there as the last key, restart, and try again"
              .formatted(lacked.key(), names(lacked.nodes()));
      case KeyObstacle.SealsAt seals ->
          "the encryption key %s is still used for sealing by %s: put another key first there, restart, and try again"
              .formatted(seals.key(), names(seals.nodes()));
      case KeyObstacle.HeldBy held ->
          "the encryption key %s is not lost: it is held by %s"
              .formatted(held.key(), names(held.nodes()));
      case KeyObstacle.OpensHere here ->
          "the encryption key %s is not lost: it is in ENCRYPTION_KEY and works. Use `keys rotate`"
              .formatted(here.key());
    };
  }

  static String names(List<String> nodes) {
    return nodes.stream().map(name -> "the node " + name).collect(Collectors.joining("; "));
  }

  /** Returns a text with a number and a noun. The noun is in the singular or in the plural. */
  static String counted(long number, String one, String many) {
    return "%,d %s".formatted(number, number == 1 ? one : many);
  }

  /** A command about one encryption key. */
  abstract static class OfOneKey extends KeyCommand {
    @Parameters(paramLabel = "ID", description = "The key's id, as `keys status` shows it.")
    private String id = "";

    OfOneKey(Program keys, Map<String, String> environment) {
      super(keys, environment);
    }

    @Override
    void check() {
      Object unused = id();
    }

    final EncryptionKeyId id() {
      return id(id);
    }
  }

  /** Opens the encryption keys that the database records, whether or not nodes are running. */
  @FunctionalInterface
  public interface Program {
    /**
     * @param lost whether recorded keys are allowed to be missing from the given keys even if the
     *     schema has to be upgraded
     */
    OpenKeys open(Settings settings, boolean lost);
  }

  /**
   * This method works whether or not nodes are running. The command does not act as a node itself.
   */
  public static OpenKeys open(Settings settings, boolean lost) {
    Optional<Keyring> keyring = keyring(settings);
    Optional<Sealer> sealer = keyring.map(TinkSealer::new);
    ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
    try {
      database.migrateForCommand(() -> keyring, lost);
      return new Opened(
          database,
          CommandContext.of(database.pool(), sealer, "keys"),
          sealer,
          keyring.map(Keyring::wrappings).orElse(Map.of()));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Returns the encryption keys that were given to a command. If none were given, returns the key
   * in the embedded database's directory. The result is empty if there is no such key either.
   *
   * @throws StartRefused if the keys can't be read or unwrapped
   */
  static Optional<Keyring> keyring(Settings settings) {
    return given(settings).map(text -> settings.keys().checkedWith(text).keyring());
  }

  /**
   * Returns the encryption keys in the environment. If the environment has none, returns the key in
   * the embedded database's directory. The result is empty if there is no such key either.
   */
  static Optional<Confidential> given(Settings settings) {
    return settings
        .keys()
        .encryptionKeys()
        .or(
            () ->
                settings.database().given().isPresent()
                    ? Optional.empty()
                    : KeptEncryptionKey.in(DataDirectory.open(settings.dataDirectory())));
  }

  private record Opened(
      ConnectedDatabase database,
      CommandContext context,
      Optional<Sealer> sealer,
      Map<EncryptionKeyId, KeyUri> wrappings)
      implements OpenKeys {
    @Override
    public EncryptionKeys encryptionKeys() {
      return context.get(EncryptionKeys.class);
    }

    @Override
    public Optional<NodeKeys> given() {
      return sealer.map(s -> new NodeKeys("here", s.keys(), s.sealingKey()));
    }

    @Override
    public void close() {
      context.close();
      database.close();
    }
  }

  /** The use case for encryption keys. The command closes this object after use. */
  public interface OpenKeys extends AutoCloseable {
    EncryptionKeys encryptionKeys();

    /** Returns the encryption keys in the environment; empty if the environment has none. */
    Optional<NodeKeys> given();

    /** Returns the wrapping key of each wrapped encryption key in the environment. */
    Map<EncryptionKeyId, KeyUri> wrappings();

    @Override
    void close();
  }
}
