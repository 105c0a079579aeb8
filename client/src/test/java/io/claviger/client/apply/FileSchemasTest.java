package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A file has the fields that the API's contract lets one write. */
class FileSchemasTest {
  /** What the file says in another way: the mark by its name, the label beside the key. */
  private static final Set<String> SAID_ELSEWHERE =
      Set.of("applied_by", "api_key_version", "definition_owner", "definition_handle", "version");

  private static final Path CONTRACT = Path.of("..", "adapters-web", "src", "main", "openapi");
  private static final Map<Object, Object> SCHEMAS = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> parts = Files.list(CONTRACT)) {
      for (Path part : parts.toList()) {
        Object read =
            new Load(LoadSettings.builder().build()).loadFromString(Files.readString(part));
        Object components = ((Map<?, ?>) read).get("components");
        SCHEMAS.putAll((Map<?, ?>) ((Map<?, ?>) components).get("schemas"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DEFINITION, DefinitionWrite",
    "GROUP, GroupWrite",
    "GROUP_MEMBER, GroupMemberWrite",
    "SERVICE, LlmServiceWrite",
    "SERVICE_SHARE, ShareWrite",
    "PROJECT, ProjectWrite",
    "PROJECT_SHARE, ProjectShareWrite",
    "MODEL, ModelConfigWriteFields",
    "PRICE, PriceWrite",
    "GROUP_LIMITS, LimitsWrite"
  })
  void an_entry_has_the_fields_that_can_be_written(ResourceKind kind, String schema) {
    Set<String> fields = new TreeSet<>(kind.schema().fields().keySet());
    kind.part().ifPresent(part -> fields.remove(part.section()));
    names(kind).forEach(fields::remove);
    Set<String> written =
        properties(schema).entrySet().stream()
            .filter(field -> !isReadOnly(field.getValue()))
            .map(field -> (String) field.getKey())
            .filter(name -> !SAID_ELSEWHERE.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    names(kind).forEach(written::remove);

    assertThat(fields).isEqualTo(written);
  }

  private static Stream<String> names(ResourceKind kind) {
    return switch (kind) {
      case SERVICE_SHARE, PROJECT_SHARE -> Stream.of("grantee", "user");
      case PRICE -> Stream.of("provider", "model");
      case MODEL -> Stream.of();
      // In the API, limits of groups are resources of their own.
      case GROUP -> Stream.of("handle", "limits", "pooled_limits");
      default -> Stream.of(kind.nameField());
    };
  }

  private static Map<?, ?> properties(String schema) {
    return (Map<?, ?>) ((Map<?, ?>) SCHEMAS.get(schema)).get("properties");
  }

  private static boolean isReadOnly(Object field) {
    return Boolean.TRUE.equals(((Map<?, ?>) field).get("readOnly"));
  }
}
