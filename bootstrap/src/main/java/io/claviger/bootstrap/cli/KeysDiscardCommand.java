package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.host.StartRefused;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "discard",
    description = "Discard a lost encryption key, and delete everything that is sealed with it.")
final class KeysDiscardCommand extends KeyCommand.OfOneKey {
  /**
   * The kinds of sealed values other than keys and headers of services and the users' own keys,
   * with a noun for each kind.
   */
  private static final Map<Kind, String> OTHERS =
      new EnumMap<>(
          Map.of(
              Kind.REFRESH_TOKEN, "refresh token",
              Kind.WEBHOOK_SECRET, "webhook",
              Kind.NAMING_KEY, "naming key",
              Kind.BILLING_CREDENTIAL, "billing credential",
              Kind.ISSUER_KEY, "issuer key",
              Kind.AUDIT_KEY, "audit key",
              Kind.WAITING_CHANGE, "waiting change"));

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  KeysDiscardCommand(KeyCommand.Program keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    EncryptionKeyId key = id();
    EncryptionKeys keys = opened.encryptionKeys();
    EncryptionKeys.DiscardOutcome foreseen = keys.previewDiscard(key);
    if (foreseen instanceof EncryptionKeys.DiscardOutcome.Refused refused
        && refused.why() instanceof KeyObstacle.AlreadyRetired) {
      out.printf("%s was already retired%n", key);
      return ExitCode.DONE;
    }
    out.printf(
        "Discarding %s deletes what is sealed with it: the API key or the headers of %s, and for %s"
            + " their own keys.%n",
        key, services(concerned(foreseen)), users(concerned(foreseen)));
    String others = others(keys, key);
    if (!others.isEmpty()) {
      out.printf("It also deletes %s.%n", others);
    }
    out.flush();
    demandConfirmation(key);
    Concerned done = concerned(keys.discard(key));
    out.printf("%s is discarded. Affected: %s and %s%n", key, services(done), users(done));
    return ExitCode.DONE;
  }

  /**
   * Returns how many sealed values of the other kinds are sealed with the key, such as "3 webhooks,
   * 1 billing credential".
   */
  private static String others(EncryptionKeys keys, EncryptionKeyId key) {
    Map<Kind, Long> values =
        keys.status().keys().stream()
            .filter(each -> each.id().equals(key))
            .findFirst()
            .map(EncryptionKeys.KeyStatus::values)
            .orElse(Map.of());
    return values.entrySet().stream()
        .filter(each -> each.getValue() > 0 && OTHERS.containsKey(each.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .map(each -> counted(each.getValue(), OTHERS.getOrDefault(each.getKey(), "value")))
        .collect(Collectors.joining(", "));
  }

  private static String counted(long number, String what) {
    return counted(number, what, what + "s");
  }

  private void demandConfirmation(EncryptionKeyId key) {
    if (yes) {
      return;
    }
    if (!StandardStreams.isInputTerminal()) {
      throw new StartRefused("nothing was discarded: use --yes to discard without asking");
    }
    if (!StandardStreams.ask("This can't be undone. Type %s to go on: ".formatted(key))
        .equals(key.value())) {
      throw new StartRefused("nothing was discarded");
    }
  }

  private static Concerned concerned(EncryptionKeys.DiscardOutcome outcome) {
    return switch (outcome) {
      case EncryptionKeys.DiscardOutcome.Concerns concerns -> concerns.concerned();
      case EncryptionKeys.DiscardOutcome.Refused refused -> throw refused(refused.why());
      case EncryptionKeys.DiscardOutcome.Conflicted conflicted ->
          throw new StartRefused(
              "other changes kept conflicting, so the key is not discarded yet; run the command"
                  + " again");
    };
  }

  private static String services(Concerned concerned) {
    return counted(concerned.services(), "service", "services");
  }

  private static String users(Concerned concerned) {
    return counted(concerned.users(), "user", "users");
  }
}
