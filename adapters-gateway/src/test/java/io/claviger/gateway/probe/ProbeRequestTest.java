package io.claviger.gateway.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.usage.ChargePolicy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Destination;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.Timeout;
import io.claviger.domain.keys.CustomHeaders;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.CallableStandard;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeRequestTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          openai,    https://api.openai.com/v1,                          models?
          openai,    https://api.mistral.ai/v1,                          models?
          cohere,    https://api.cohere.com,                             v1/models?page_size=1
          gemini,    https://generativelanguage.googleapis.com,          v1beta/models?pageSize=1
          gemini,    https://generativelanguage.googleapis.com/v1beta,   models?pageSize=1
          gemini,    https://proxy.example/gemini/v1,                    models?pageSize=1
          gemini,    https://proxy.example/v1beta/lab,                   models?pageSize=1
          gemini,    https://proxy.example/vertex,                       v1beta/models?pageSize=1
          anthropic, https://api.anthropic.com,                          v1/models?limit=1
          """)
  void the_list_of_models_is_asked_for_and_as_little_of_it_as_can_be(
      String format, String endpoint, String call) {
    assertThat(trial(format, endpoint)).isEqualTo(call);
  }

  @ParameterizedTest
  @CsvSource({
    "https://openrouter.ai/api/v1, key?",
    "https://ai-gateway.vercel.sh/v1, credits?",
    "https://openrouter.ai.example/api/v1, models?"
  })
  void who_shows_the_models_to_anybody_is_asked_what_only_the_keys_holder_may_know(
      String endpoint, String call) {
    assertThat(trial("openai", endpoint)).isEqualTo(call);
  }

  @ParameterizedTest
  @CsvSource({
    "https://lab.openai.azure.com, openai/models?api-version=2024-10-21",
    "https://proxy.example/azure, openai/models?api-version=2024-10-21",
    "https://lab.openai.azure.com/openai, models?api-version=2024-10-21",
    "https://lab.openai.azure.com/openai/v1, models?"
  })
  void azure_is_asked_for_its_models_wherever_its_paths_begin(String endpoint, String call) {
    List<Operation> operations = new ArrayList<>(WireFormat.OPENAI.operations());
    operations.add(new Operation("GET openai/models"));
    assertThat(trial(WireFormat.OPENAI, operations, List.of("api-version"), endpoint))
        .isEqualTo(call);
  }

  private static String trial(String format, String endpoint) {
    WireFormat known = WireFormat.of(format);
    return trial(known, known.operations(), known.queryParameters(), endpoint);
  }

  private static String trial(
      WireFormat known, List<Operation> operations, List<String> parameters, String endpoint) {
    ProbeRequest trial =
        ProbeRequest.of(
            AuthorizedCall.ofNobody(
                new AuthorizedCall.Terms(
                    "alice/my-openai",
                    new CallableStandard(
                        new Handle("standard"),
                        known,
                        KeyPlacement.BEARER,
                        operations,
                        known.requestHeaders(),
                        known.responseHeaders(),
                        parameters),
                    new Timeout(1_000),
                    true),
                basis(Endpoint.of(endpoint)),
                new AuthorizedCall.Secrets(
                    Optional.empty(),
                    new CustomHeaders(List.of()),
                    Optional.empty(),
                    Optional.empty())));
    return trial.path() + "?" + trial.query();
  }

  private static AuthorizedCall.AuthorizationBasis basis(Endpoint endpoint) {
    return new AuthorizedCall.AuthorizationBasis(
        new UsageAccount(
            new User.Id(new UUID(0, 1)),
            new Handle("alice"),
            new Instance.Id(new UUID(0, 2)),
            Instance.Ref.of("alice/my-openai"),
            new User.Id(new UUID(0, 1)),
            Optional.empty()),
        KeySource.CENTRAL,
        new Destination(endpoint, KeyPlacement.BEARER),
        Optional.empty(),
        new Handle("openai"),
        Optional.empty(),
        0,
        Optional.empty(),
        ChargePolicy.toNobody(Provider.OPENAI_COMPAT),
        AuthorizedCall.ConnectionBasis.USUAL,
        Optional.empty());
  }
}
