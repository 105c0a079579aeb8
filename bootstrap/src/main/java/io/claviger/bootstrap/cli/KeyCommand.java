package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.cli.Programs.OpenKeys;
import io.claviger.bootstrap.logging.StandardErrorLog;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.host.StartRefused;
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
   * @throws ParameterException when the arguments are wrong
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

  /** Formats a number with the singular or plural noun. */
  static String counted(long number, String one, String many) {
    return "%,d %s".formatted(number, number == 1 ? one : many);
  }
}
