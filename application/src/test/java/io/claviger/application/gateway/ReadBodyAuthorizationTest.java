package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.CallAuthorization.CallRequest;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A call that was authorized by its head is decided again when its body has been read. */
class ReadBodyAuthorizationTest {
  private static final RequestedUse USE =
      RequestedUse.once(
          new UsageModel("m"),
          OperationKind.TEXT,
          100,
          OptionalLong.of(100),
          Optional.of("max_tokens"));

  private final Calls c = new Calls();

  private Instance service(BudgetUnit unit, long amount) {
    Budget budget =
        new Budget(amount, unit, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.MEASURED, false);
    Instance service =
        AnInstance.of(c.alice, "s")
            .provider(Provider.OLLAMA)
            .limits(Limits.of(new Budgets(List.of(budget))))
            .build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    c.remember(c.alices, service);
    return service;
  }

  private CallRequest head(Instance service) {
    return Calls.head(c.alices, service, "POST chat/completions");
  }

  private CallRequest whole(Instance service) {
    return head(service).withBodyRead(BodyUse.of(USE));
  }

  private AuthorizedCall byHead(Instance service) {
    return Calls.authorized(
        c.w
            .callAuthorization
            .authorizeAtOnce(head(service))
            .orElseGet(() -> c.w.callAuthorization.authorize(head(service))));
  }

  private Optional<AuthorizationOutcome> withBody(Instance service, AuthorizedCall byHead) {
    CallRequest whole = whole(service);
    // What calls reserve is leased by asking the ledger.
    if (c.w.callAuthorization.authorize(whole)
        instanceof AuthorizationOutcome.Authorized authorized) {
      authorized.call().close();
    }
    return c.w.callAuthorization.authorizeAtOnce(whole, byHead.basis());
  }

  @Test
  void it_goes_on_as_it_was_authorized_and_is_charged() {
    Instance service = service(BudgetUnit.TOKENS, 2_300);
    try (AuthorizedCall call = byHead(service)) {
      AuthorizationOutcome outcome = withBody(service, call).orElseThrow();

      assertThat(outcome).isInstanceOf(AuthorizationOutcome.Admitted.class);
      ((AuthorizationOutcome.Admitted) outcome)
          .spending()
          .settle(
              CallUse.of(TokenUsage.stated(2_000, 90, TokenParts.NONE), CallUse.Evidence.STATED));
      assertThat(Calls.refusal(withBody(service, call).orElseThrow()))
          .isEqualTo(CallRefusal.BUDGET_EXHAUSTED);
    }
  }

  @Test
  void it_is_authorized_anew_where_something_was_changed_meanwhile() {
    Instance service = service(BudgetUnit.TOKENS, 2_300);
    c.w.stored(service, AShare.with(c.bob).build());
    try (AuthorizedCall call = byHead(service)) {
      assertThat(withBody(service, call)).containsInstanceOf(AuthorizationOutcome.Admitted.class);
      c.w.nanos.advance(Duration.ofNanos(1));
      Object ended =
          c.w.sharing.end(
              c.w.as(c.alice), service.ref(), GranteeName.user(c.bob.handle()), Precondition.NONE);
      assertThat(ended).isInstanceOf(Outcome.Done.class);

      assertThat(c.w.callAuthorization.authorizeAtOnce(whole(service), call.basis())).isEmpty();
      AuthorizationOutcome unused = c.remember(c.alices, service);
      AuthorizedCall anew = Calls.authorized(withBody(service, call).orElseThrow());
      anew.close();
      assertThat(anew.basis()).isNotSameAs(call.basis());
    }
  }

  @Test
  void budgets_of_requests_alone_need_no_body() {
    Instance service = service(BudgetUnit.REQUESTS, 2);
    try (AuthorizedCall call = byHead(service)) {
      assertThat(call.isDecidedByBody()).isFalse();
      call.spending().settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.STATED));
    }
    byHead(service).spending().settle(CallUse.of(TokenUsage.NONE, CallUse.Evidence.STATED));

    assertThat(Calls.refusal(c.w.callAuthorization.authorize(head(service))))
        .isEqualTo(CallRefusal.BUDGET_EXHAUSTED);
  }
}
