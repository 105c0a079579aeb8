package io.claviger.bootstrap.cli;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyBinding.Kind;
import io.claviger.domain.keys.NodeKeys;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;

@Command(
    name = "status",
    description =
        "Show the encryption keys, how many values each one seals, and which nodes hold it.")
final class KeysStatusCommand extends KeyCommand {
  KeysStatusCommand(KeyCommand.Program keys, Map<String, String> environment) {
    super(keys, environment);
  }

  @Override
  int run(OpenKeys opened, PrintWriter out, PrintWriter err) {
    EncryptionKeys.EncryptionStatus status = opened.encryptionKeys().status();
    Optional<NodeKeys> given = opened.given();
    out.println("Encryption keys");
    AlignedTable.print(
        out,
        List.of(
            "id",
            "state",
            ">API keys",
            ">headers",
            ">users' keys",
            ">refresh tokens",
            ">webhooks",
            ">naming keys",
            ">billing keys",
            ">issuer keys",
            ">audit keys",
            ">waiting changes",
            "in ENCRYPTION_KEY here"),
        keys(status, given));
    out.println();
    out.println("Nodes");
    AlignedTable.print(
        out,
        List.of("name", "last seen", "seals with", "holds"),
        status.nodes().stream().map(KeysStatusCommand::line).toList());
    return ExitCode.DONE;
  }

  private static List<List<String>> keys(
      EncryptionKeys.EncryptionStatus status, Optional<NodeKeys> given) {
    List<List<String>> lines = new ArrayList<>();
    for (EncryptionKeys.KeyStatus key : status.keys()) {
      lines.add(
          List.of(
              key.id().value(),
              key.live() ? "live" : "retired",
              values(key, Kind.INSTANCE_API_KEY),
              values(key, Kind.INSTANCE_HEADERS),
              values(key, Kind.USER_KEY),
              values(key, Kind.REFRESH_TOKEN),
              values(key, Kind.WEBHOOK_SECRET),
              values(key, Kind.NAMING_KEY),
              values(key, Kind.BILLING_CREDENTIAL),
              values(key, Kind.ISSUER_KEY),
              values(key, Kind.AUDIT_KEY),
              values(key, Kind.WAITING_CHANGE),
              part(key.id(), given)));
    }
    given.ifPresent(
        here ->
            here.inOrder()
                .forEach(
                    id -> {
                      if (status.keys().stream().noneMatch(key -> key.id().equals(id))) {
                        lines.add(
                            List.of(
                                id.value(),
                                "new",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                "0",
                                part(id, given)));
                      }
                    }));
    return lines;
  }

  private static String values(EncryptionKeys.KeyStatus key, Kind kind) {
    return "%,d".formatted(key.values().getOrDefault(kind, 0L));
  }

  private static String part(EncryptionKeyId id, Optional<NodeKeys> given) {
    if (given.isEmpty() || !given.get().held().contains(id)) {
      return "no";
    }
    return given.get().sealing().equals(id) ? "first: seals" : "opens";
  }

  private static List<String> line(NodeStore.NodeStatus node) {
    return List.of(
        node.keys().name(),
        ago(node.ago()) + (node.isLive() ? "" : ", silent"),
        node.keys().sealing().value(),
        StreamSupport.stream(node.keys().inOrder().spliterator(), false)
            .map(EncryptionKeyId::value)
            .collect(Collectors.joining(" ")));
  }

  private static String ago(Duration ago) {
    return ago.compareTo(Duration.ofMinutes(2)) < 0
        ? ago.toSeconds() + " s ago"
        : ago.toMinutes() + " min ago";
  }
}
