package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Why a call is refused, and in which order the reasons are looked for. */
class CallRefusalTest {
  private final Calls c = new Calls();
  private final Instance service = c.write.withKey(c.alice, "s");

  @Test
  void an_unknown_token_is_bad() {
    assertThat(Calls.refusal(c.call(TokenText.of(new byte[64]), service)))
        .isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void what_has_not_the_shape_of_a_token_is_bad() {
    assertThat(Calls.refusal(c.call(TokenText.presented("sk-provider-key"), service)))
        .isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void an_expired_token_is_bad() {
    TokenText expired =
        c.w.stored(AToken.of(c.alice).expiresAt(c.w.claviger.clock().instant()).build());

    assertThat(Calls.refusal(c.call(expired, service))).isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void a_revoked_token_is_bad() {
    AccessToken token = AToken.of(c.alice).build();
    TokenText text = c.w.stored(token);
    Outcome<AccessToken.Id> unused =
        c.w.accessTokens.revoke(c.w.as(c.alice), c.alice.handle(), token.id());

    assertThat(Calls.refusal(c.call(text, service))).isEqualTo(CallRefusal.BAD_TOKEN);
  }

  @Test
  void after_many_bad_tokens_the_next_one_has_to_wait_and_a_good_one_passes() {
    for (int n = 0; n < RejectedTokens.AT_ONCE; n++) {
      assertThat(Calls.refusal(c.call(TokenText.of(new byte[64]), service)))
          .isEqualTo(CallRefusal.BAD_TOKEN);
    }

    CallAuthorization.AuthorizationOutcome.Refused refused =
        (CallAuthorization.AuthorizationOutcome.Refused)
            c.call(TokenText.of(new byte[64]), service);
    assertThat(refused.why()).isEqualTo(CallRefusal.TOO_MANY_BAD_TOKENS);
    assertThat(refused.retryAfter()).contains(Duration.ofMinutes(1));
    assertThat(c.call(c.alices, service))
        .isInstanceOf(CallAuthorization.AuthorizationOutcome.Authorized.class);
  }

  @Test
  void what_is_presented_to_the_api_counts_at_the_gateway_too() {
    for (int n = 0; n < RejectedTokens.AT_ONCE; n++) {
      AccessTokens.Authentication unused =
          c.w.accessTokens.authenticate(TokenText.of(new byte[64]), "192.0.2.8", "r");
    }

    assertThat(Calls.refusal(c.call(TokenText.of(new byte[64]), service)))
        .isEqualTo(CallRefusal.TOO_MANY_BAD_TOKENS);
  }

  @Test
  void a_bad_token_is_on_record_once_a_minute_for_an_address() {
    CallAuthorization.AuthorizationOutcome unused = c.call(TokenText.of(new byte[64]), service);
    CallAuthorization.AuthorizationOutcome unusedToo =
        c.call(TokenText.presented("clv_x"), service);

    assertThat(c.w.recorded()).isEmpty();
    c.w.rejected.flush(c.w.claviger.clock().instant());
    assertThat(c.w.recorded()).containsExactly("token.rejected refused  []");
  }

  @Test
  void bad_tokens_at_the_gateway_and_at_the_api_are_summed_up_together() {
    CallAuthorization.AuthorizationOutcome unused = c.call(TokenText.of(new byte[64]), service);
    AccessTokens.Authentication unusedToo =
        c.w.accessTokens.authenticate(TokenText.of(new byte[64]), "192.0.2.8", "r");

    c.w.rejected.flush(c.w.claviger.clock().instant());
    assertThat(c.w.recorded()).hasSize(1);
  }

  @Test
  void a_bad_token_is_not_told_what_is_there() {
    assertThat(c.call(TokenText.of(new byte[64]), service))
        .isEqualTo(c.call(TokenText.of(new byte[64]), "alice/nothing", Calls.OPERATION));
  }

  @Test
  void a_service_that_does_not_exist_is_not_found() {
    assertThat(Calls.refusal(c.call(c.alices, "alice/nothing", Calls.OPERATION)))
        .isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void an_invisible_service_is_told_in_the_same_words() {
    assertThat(c.call(c.bobs, service)).isEqualTo(c.call(c.bobs, "alice/nothing", Calls.OPERATION));
  }

  @Test
  void a_share_lets_one_call() {
    Share unused = c.w.stored(service, AShare.with(c.bob).givenBy(c.alice).build());

    Calls.authorized(c.call(c.bobs, service)).close();
  }

  @Test
  void an_expired_share_does_not() {
    Share unused =
        c.w.stored(
            service,
            AShare.with(c.bob)
                .expiresAt(c.w.claviger.clock().instant().plusSeconds(5))
                .givenBy(c.alice)
                .build());
    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(Calls.refusal(c.call(c.bobs, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void an_ended_share_does_not() {
    Share unused = c.w.stored(service, AShare.with(c.bob).givenBy(c.alice).build());
    Outcome<GranteeName> unusedToo =
        c.w.sharing.end(
            c.w.as(c.alice), service.ref(), GranteeName.user(c.bob.handle()), Precondition.NONE);

    assertThat(Calls.refusal(c.call(c.bobs, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void everybody_calls_a_system_level_service() {
    Instance systems = c.write.systemLevelWithKey(c.root, "x");

    Calls.authorized(c.call(c.bobs, systems)).close();
  }

  @Test
  void an_administrator_without_a_share_is_not_permitted() {
    assertThat(Calls.refusal(c.call(c.roots, service))).isEqualTo(CallRefusal.NOT_PERMITTED);
  }

  @Test
  void an_administrator_with_a_share_is() {
    Share unused = c.w.stored(service, AShare.with(c.root).givenBy(c.root).build());

    Calls.authorized(c.call(c.roots, service)).close();
  }

  @Test
  void an_administrator_whose_share_has_expired_is_not_permitted() {
    Share unused =
        c.w.stored(
            service,
            AShare.with(c.root).expiresAt(c.w.claviger.clock().instant()).givenBy(c.root).build());

    assertThat(Calls.refusal(c.call(c.roots, service))).isEqualTo(CallRefusal.NOT_PERMITTED);
  }

  @Test
  void a_token_restricted_to_the_service_calls_it() {
    TokenText restricted = c.w.stored(AToken.of(c.alice).onlyFor(service).build());

    Calls.authorized(c.call(restricted, service)).close();
  }

  @Test
  void a_token_restricted_to_another_does_not() {
    Instance other = c.w.stored(AnInstance.of(c.alice, "other").build());
    TokenText restricted = c.w.stored(AToken.of(c.alice).onlyFor(other).build());

    assertThat(Calls.refusal(c.call(restricted, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void a_token_of_scope_use_calls() {
    TokenText use = c.w.stored(AToken.of(c.alice).scope(TokenScope.USE).build());

    Calls.authorized(c.call(use, service)).close();
  }

  @Test
  void a_disabled_service_is_refused() {
    disable();

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.DISABLED);
  }

  @Test
  void an_operation_that_is_not_lent_is_refused() {
    assertThat(Calls.refusal(c.call(c.alices, "alice/s", "DELETE assistants/all")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void a_version_too_many_before_an_operation_is_left_out() {
    Calls.authorized(c.call(c.alices, "alice/s", "POST v1/embeddings")).close();

    assertThat(Calls.refusal(c.call(c.alices, "alice/s", "POST v1/v1/embeddings")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void a_method_that_is_not_lent_is_refused() {
    assertThat(Calls.refusal(c.call(c.alices, "alice/s", "DELETE embeddings")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void visibility_goes_before_the_restriction_of_the_token() {
    Instance bobs = c.w.stored(AnInstance.of(c.bob, "hidden").build());
    TokenText restricted = c.w.stored(AToken.of(c.alice).onlyFor(service).build());

    assertThat(Calls.refusal(c.call(restricted, bobs))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void the_restriction_of_the_token_goes_before_permission() {
    Instance own = c.w.stored(AnInstance.of(c.root, "own").build());
    TokenText restricted = c.w.stored(AToken.of(c.root).onlyFor(own).build());

    assertThat(Calls.refusal(c.call(restricted, service))).isEqualTo(CallRefusal.NOT_FOUND);
  }

  @Test
  void permission_goes_before_whether_it_is_disabled() {
    disable();

    assertThat(Calls.refusal(c.call(c.roots, service))).isEqualTo(CallRefusal.NOT_PERMITTED);
  }

  @Test
  void whether_it_is_disabled_goes_before_the_operation() {
    disable();

    assertThat(Calls.refusal(c.call(c.alices, "alice/s", "DELETE assistants/all")))
        .isEqualTo(CallRefusal.DISABLED);
  }

  @Test
  void the_operation_goes_before_the_key() {
    Instance unused = c.w.stored(AnInstance.of(c.alice, "bare").build());

    assertThat(Calls.refusal(c.call(c.alices, "alice/bare", "DELETE assistants/all")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void the_format_is_told_where_the_caller_is_entitled_to_the_service() {
    disable();

    assertThat(
            ((CallAuthorization.AuthorizationOutcome.Refused) c.call(c.alices, service)).service())
        .contains(new CallAuthorization.KnownService(service.ref().toString(), WireFormat.OPENAI));
  }

  @Test
  void who_called_is_told_wherever_the_token_is_valid() {
    disable();

    assertThat(caller(c.call(c.alices, service))).contains(c.alice.handle());
    assertThat(caller(c.call(c.roots, service))).contains(c.root.handle());
    assertThat(caller(c.call(c.bobs, "alice/absent", Calls.OPERATION))).contains(c.bob.handle());
    assertThat(caller(c.call(TokenText.of(new byte[64]), service))).isEmpty();
  }

  private static Optional<Handle> caller(CallAuthorization.AuthorizationOutcome outcome) {
    return ((CallAuthorization.AuthorizationOutcome.Refused) outcome).caller();
  }

  @Test
  void the_format_is_not_told_to_who_is_not() {
    assertThat(
            ((CallAuthorization.AuthorizationOutcome.Refused) c.call(c.roots, service)).service())
        .isEmpty();
    assertThat(((CallAuthorization.AuthorizationOutcome.Refused) c.call(c.bobs, service)).service())
        .isEmpty();
  }

  @Test
  void a_call_notes_the_use_of_the_token() {
    CallAuthorization.AuthorizationOutcome unused = c.call(c.bobs, service);

    assertThat(c.w.claviger.accessTokens().listOf(c.bob.id(), Optional.empty(), 9))
        .singleElement()
        .matches(t -> t.lastUsedAt().equals(Optional.of(c.w.claviger.clock().instant())));
  }

  private void disable() {
    c.w
        .claviger
        .instances()
        .update(
            TamperedInstances.disabled(service), new SecretChange.Keep(), new SecretChange.Keep());
  }
}
