package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.SealedValueStore.Concerned;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.KeyObstacle;
import io.claviger.host.StartRefused;
import java.io.PrintWriter;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "discard",
    description = "Discard a lost encryption key, and delete everything that is sealed with it.")
final class KeysDiscardCommand extends KeyCommand.OfOneKey {
  @Option(names = "--yes", description = "Do not ask for confirmation.")
  private boolean yes;

  KeysDiscardCommand(KeyCommand.Program keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  boolean isForLostKeys() {
    return true;
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
        "Discarding %s deletes what is sealed with it%s.%nIt affects %s and %s.%n",
        key, values(keys, key), services(concerned(foreseen)), users(concerned(foreseen)));
    out.flush();
    demandConfirmation(key);
    Concerned done = concerned(keys.discard(key));
    out.printf("%s is discarded. Affected: %s and %s%n", key, services(done), users(done));
    return ExitCode.DONE;
  }

  /**
   * Returns how many values of each kind the key seals, such as ": 3 API keys, 1 billing
   * credential". The result is empty if there are none.
   */
  private static String values(EncryptionKeys keys, EncryptionKeyId key) {
    Map<Kind, Long> values =
        keys.status().keys().stream()
            .filter(each -> each.id().equals(key))
            .findFirst()
            .map(EncryptionKeys.KeyStatus::values)
            .orElse(Map.of());
    String counted =
        values.entrySet().stream()
            .filter(each -> each.getValue() > 0)
            .sorted(Map.Entry.comparingByKey())
            .map(each -> counted(each.getKey(), each.getValue()))
            .collect(Collectors.joining(", "));
    return counted.isEmpty() ? "" : ": " + counted;
  }

  private static String counted(Kind kind, long number) {
    return switch (kind) {
      case INSTANCE_API_KEY -> counted(number, "API key of a service", "API keys of services");
      case INSTANCE_HEADERS -> counted(number, "service's headers", "services' headers");
      case USER_KEY -> counted(number, "user's own key", "users' own keys");
      case REFRESH_TOKEN -> counted(number, "refresh token", "refresh tokens");
      case WEBHOOK_SECRET -> counted(number, "webhook", "webhooks");
      case NAMING_KEY -> counted(number, "naming key", "naming keys");
      case BILLING_CREDENTIAL -> counted(number, "billing credential", "billing credentials");
      case ISSUER_KEY -> counted(number, "issuer key", "issuer keys");
      case AUDIT_KEY -> counted(number, "audit key", "audit keys");
      case WAITING_CHANGE -> counted(number, "waiting change", "waiting changes");
    };
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
