package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.KnownService;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.requests.LendableUse;
import io.claviger.domain.requests.MissingTerms;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.standards.WireFormat;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Refusals that a share would lift say where the caller asks for it. */
final class RequestLinksTest {
  private static final String HEADER = "x-claviger-request";
  private static final String LINK = "https://claviger.example/console/requests/new?for=abc-_1";
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 1));
  private static final AtomicReference<MissingTerms> ASKED = new AtomicReference<>();

  @AutoClose
  private static final Rig RIG =
      new Rig(
          settings ->
              settings.withRequestLinks(
                  missing -> {
                    ASKED.set(missing);
                    return Optional.of(LINK);
                  }));

  @ParameterizedTest
  @EnumSource
  void a_refusal_in_any_format_carries_the_link(WireFormat format) {
    MissingTerms missing = new MissingTerms(SERVICE, RequestedTerms.of(Role.READER));
    RIG.authorizer.answer(
        Rig.TOKEN,
        call ->
            new AuthorizationOutcome.Refused(
                    CallRefusal.BUDGET_EXHAUSTED,
                    Optional.of(new KnownService("alice/my-openai", format)))
                .lacking(Optional.of(missing)));
    TestResponse answer = RIG.post("embeddings", "{}");

    assertThat(answer.status()).isEqualTo(402);
    assertThat(answer.values(HEADER)).containsExactly(LINK);
    assertThat(answer.body()).contains(" Ask the owner for it: " + LINK + '"');
    assertThat(answer.values("x-claviger-error")).containsExactly("budget_exhausted");
    assertThat(ASKED.get()).isEqualTo(missing);
  }

  @Test
  void a_refusal_that_no_share_would_lift_carries_none() {
    RIG.authorizer.answer(
        Rig.TOKEN,
        call -> new AuthorizationOutcome.Refused(CallRefusal.DISABLED, Optional.empty()));
    assertThat(RIG.post("embeddings", "{}").values(HEADER)).isEmpty();

    RIG.lend(WireFormat.OPENAI);
    assertThat(RIG.post("embeddings", Rig.embedding("m")).values(HEADER)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI|chat/completions|{\"messages\":[],\"model\":\"large\"}|large",
        "GEMINI|v1beta/models/large:generateContent|{\"contents\":[]}|large",
        "ANTHROPIC|v1/messages|{\"model\":\"claude-large\"}|claude-large"
      })
  void a_model_that_the_share_leaves_out_is_asked_for(
      WireFormat format, String path, String body, String model) {
    lend(format, lendable());
    TestResponse answer = RIG.post(path, body);

    assertThat(answer.status()).as(answer.body()).isEqualTo(403);
    assertThat(answer.values("x-claviger-error")).containsExactly("model_not_allowed");
    assertThat(answer.values(HEADER)).containsExactly(LINK);
    assertThat(ASKED.get())
        .isEqualTo(new MissingTerms(SERVICE, RequestedTerms.of(new ModelPattern(model))));
  }

  @Test
  void a_model_that_no_share_can_give_is_not_asked_for() {
    lend(WireFormat.OPENAI, Optional.empty());
    String body = "{\"model\":\"large\"}";
    assertThat(RIG.post("chat/completions", body).values(HEADER)).isEmpty();

    lend(WireFormat.OPENAI, lendable());
    assertThat(RIG.post("chat/completions", "{\"model\":\"*\"}").values(HEADER)).isEmpty();
    String tooLong = "{\"model\":\"" + "x".repeat(2_000) + "\"}";
    assertThat(RIG.post("chat/completions", tooLong).values(HEADER)).isEmpty();
    assertThat(RIG.post("chat/completions", "{}").values(HEADER)).isEmpty();
  }

  private static Optional<LendableUse> lendable() {
    return Optional.of(
        new LendableUse(SERVICE, new User.Id(new UUID(0, 2)), new CallLimits(List.of())));
  }

  private static void lend(WireFormat format, Optional<LendableUse> lendable) {
    TestService service = RIG.at(format).allowing("good");
    RIG.authorizer.answer(
        Rig.TOKEN,
        call -> {
          AuthorizedCall limited = service.authorized("alice/my-openai");
          AuthorizedCall.Terms terms = limited.terms();
          return new AuthorizationOutcome.Authorized(
              new AuthorizedCall(
                  new AuthorizedCall.Terms(
                      terms.service(),
                      terms.standard(),
                      terms.timeout(),
                      terms.systemLevel(),
                      terms.streamsUsage(),
                      lendable,
                      terms.capacity(),
                      terms.responsible()),
                  limited.basis(),
                  limited.secrets(),
                  limited.readsUse(),
                  limited.spending()));
        });
  }
}
