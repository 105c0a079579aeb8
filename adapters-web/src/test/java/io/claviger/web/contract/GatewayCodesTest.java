package io.claviger.web.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallRefusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GatewayCodesTest {
  @ParameterizedTest
  @EnumSource(CallRefusal.class)
  void each_refusal_of_the_gateway_stands_in_the_contract_and_in_the_document(CallRefusal refusal)
      throws IOException {
    String row = "| `" + refusal.code() + "` |";

    assertThat(contract()).contains(row);
    assertThat(Files.readString(Path.of("../docs/gateway.md"))).contains(row);
  }

  private static String contract() throws IOException {
    try (InputStream in = GatewayCodesTest.class.getResourceAsStream("/openapi.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
