package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayCodesTest {
  /** The status and code of an error, in a row of the table. */
  private static final Pattern ERROR = Pattern.compile("(?m)^ *(\\| \\d{3} \\| `[a-z_]+` \\|)");

  /** The name of a header of the gateway's own, in a row of the table. */
  private static final Pattern HEADER =
      Pattern.compile("(?m)^\\| (`X-(?:Claviger|Provider|Request)-[A-Za-z-]+`) \\|");

  @ParameterizedTest
  @EnumSource(CallRefusal.class)
  void each_refusal_of_the_gateway_stands_in_the_contract_and_in_the_document(CallRefusal refusal)
      throws IOException {
    String row = "| `" + refusal.code() + "` |";

    assertThat(contract()).contains(row);
    assertThat(Files.readString(Path.of("../docs/gateway.md"))).contains(row);
  }

  @Test
  void the_contract_has_the_errors_and_headers_of_the_document() throws IOException {
    String document = Files.readString(Path.of("../docs/gateway.md"));

    assertThat(found(ERROR, contract())).hasSizeGreaterThan(60).isEqualTo(found(ERROR, document));
    assertThat(found(HEADER, document)).contains("`X-Claviger-Waited`").hasSizeGreaterThan(10);
    assertThat(contract()).contains(found(HEADER, document));
  }

  private static List<String> found(Pattern pattern, String in) {
    return pattern.matcher(in).results().map(row -> row.group(1)).toList();
  }

  private static String contract() throws IOException {
    try (InputStream in = GatewayCodesTest.class.getResourceAsStream("/openapi.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
