package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.cli.Programs.OpenKeys;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.operator.StartRefused;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command about the encryption keys on record. */
abstract class KeyCommand implements Callable<Integer> {
  private final Programs.Keys keys;
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  KeyCommand(Programs.Keys keys, Map<String, String> environment) {
    this.keys = keys;
    this.environment = environment;
  }

  @Override
  public final Integer call() {
    check();
    Settings settings = Settings.from(environment);
    StandardErrorLog.configure(settings.log());
    try (OpenKeys opened = keys.open(settings)) {
      return run(opened, spec.commandLine().getOut(), spec.commandLine().getErr());
    } finally {
      spec.commandLine().getOut().flush();
      spec.commandLine().getErr().flush();
    }
  }

  abstract int run(OpenKeys opened, PrintWriter out, PrintWriter err);

  /**
   * @throws ParameterException when what was typed is wrong
   */
  void check() {}

  final EncryptionKeyId id(String text) {
    try {
      return new EncryptionKeyId(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "an encryption key's id has 8 lower-case hex digits, as `keys status` shows them");
    }
  }

  final ParameterException wrongUsage(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  static StartRefused refused(KeyObstacle why) {
    return new StartRefused(sentence(why));
  }

  private static String sentence(KeyObstacle why) {
    return switch (why) {
      case KeyObstacle.Unknown unknown ->
          "no encryption key %s is on record; `keys status` shows those that are"
              .formatted(unknown.key());
      case KeyObstacle.AlreadyRetired retired ->
          "the encryption key %s is retired: put a live one first".formatted(retired.key());
      case KeyObstacle.OnlyLive only ->
          "%s is the only live encryption key: rotate to another one first".formatted(only.key());
      case KeyObstacle.LackedBy lacked ->
          "the encryption key %s is lacking at %s: add it last there, restart, and try again"
              .formatted(lacked.key(), names(lacked.nodes()));
      case KeyObstacle.SealsAt seals ->
          "the encryption key %s still seals at %s: put another one first there, restart, and try again"
              .formatted(seals.key(), names(seals.nodes()));
      case KeyObstacle.HeldBy held ->
          "the encryption key %s is held by %s, so it is not lost"
              .formatted(held.key(), names(held.nodes()));
      case KeyObstacle.OpensHere here ->
          "the encryption key %s is in ENCRYPTION_KEY and opens what it should, so it is not lost: use `keys rotate`"
              .formatted(here.key());
    };
  }

  static String names(List<String> nodes) {
    return nodes.stream().map(name -> "the node " + name).collect(Collectors.joining("; "));
  }

  /** So that one is not many. */
  static String counted(long number, String one, String many) {
    return "%,d %s".formatted(number, number == 1 ? one : many);
  }
}
