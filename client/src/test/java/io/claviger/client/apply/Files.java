package io.claviger.client.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.claviger.client.faults.ClientFault;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;

/** Reads files as alice does. */
final class Files {
  private Files() {}

  static DesiredState read(String text) {
    FileFaults faults = new FileFaults("team.yaml");
    DesiredState desired = DesiredStateReader.read(text.getBytes(UTF_8), "alice", faults);
    faults.demandNone();
    return desired;
  }

  /** The faults of a file, each with its line. */
  static List<String> faults(byte[] document) {
    FileFaults faults = new FileFaults("team.yaml");
    ClientFault told =
        catchThrowableOfType(
            ClientFault.class,
            () -> {
              DesiredState unused = DesiredStateReader.read(document, "alice", faults);
              faults.demandNone();
            });
    return told == null
        ? List.of()
        : told.lines().stream()
            .skip(1)
            .map(line -> line.strip().replace("team.yaml:", ""))
            .toList();
  }

  static List<String> faults(String text) {
    return faults(text.getBytes(UTF_8));
  }

  /** Whether a text of a file is a value of this schema. */
  static boolean isAccepted(String text, ValueSchema schema) {
    FileFaults faults = new FileFaults("team.yaml");
    Optional<Node> node = Yaml.read(text.getBytes(UTF_8), faults);
    node.ifPresent(
        value -> {
          JsonNode unused = new ValueReader(faults).read(value, schema);
        });
    try {
      faults.demandNone();
      return true;
    } catch (ClientFault e) {
      return false;
    }
  }
}
