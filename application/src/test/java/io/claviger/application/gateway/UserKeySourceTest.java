package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.KeyBinding;
import io.claviger.domain.policy.KeyPolicy;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Calls with the callers' own keys. */
class UserKeySourceTest {
  private static final KeyPolicy USERS = new KeyPolicy(false, true, false);
  private static final KeyPolicy FALLBACK = new KeyPolicy(true, true, true);
  private static final String CENTRAL = "sk-central-0123";
  private static final String BOBS = "sk-of-bob-0123";

  private final Calls c = new Calls();
  private final StoredKeys keys = new StoredKeys(c.w);
  private final Instance service =
      keys.withKey(AnInstance.of(c.alice, "s").keyPolicy(FALLBACK), CENTRAL);

  @Test
  void the_callers_own_key_goes_before_the_stored_one() {
    Share unused = c.w.stored(service, AShare.with(c.bob).build());
    keys.ofUser(service, c.bob, BOBS);

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.bobs, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.USER);
      assertThat(authorized.key().map(Calls::text)).contains(BOBS);
      assertThat(authorized.endpoint()).isEqualTo(service.settings().fields().endpoint());
    }
  }

  @Test
  void only_of_providers_that_are_known_are_the_tools_known() {
    List<Provider> providers =
        List.of(Provider.OPENAI, Provider.MISTRAL, Provider.OPENROUTER, Provider.OPENAI_COMPAT);
    for (Provider provider : providers) {
      String handle = "s" + providers.indexOf(provider);
      Instance lent = keys.withKey(AnInstance.of(c.alice, handle).provider(provider), CENTRAL);

      try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, lent))) {
        assertThat(authorized.isolation().orElseThrow().knownToolsOnly())
            .isEqualTo(provider != Provider.OPENAI_COMPAT);
        assertThat(authorized.isolation().orElseThrow().imagesAreFiles())
            .isEqualTo(provider == Provider.MISTRAL);
      }
    }
  }

  @Test
  void nobody_calls_with_anothers_key() {
    Share unused = c.w.stored(service, AShare.with(c.bob).build());
    keys.ofUser(service, c.bob, BOBS);
    c.policy(service, USERS);

    assertThat(Calls.refusal(c.call(c.alices, service)))
        .isEqualTo(CallRefusal.USER_API_KEY_REQUIRED);
  }

  @Test
  void a_key_for_one_service_is_used_for_no_other() {
    Instance other = c.w.stored(AnInstance.of(c.alice, "other").keyPolicy(USERS).build());
    keys.ofUser(service, c.alice, BOBS);

    assertThat(Calls.refusal(c.call(c.alices, other))).isEqualTo(CallRefusal.USER_API_KEY_REQUIRED);
  }

  @Test
  void through_a_project_the_members_own_key_is_used_and_not_its_owners() {
    Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());
    c.w.member(project, c.bob, Role.READER);
    keys.ofUser(service, c.bob, BOBS);
    keys.ofUser(service, c.alice, "sk-of-alice-0123");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.bobs, project))) {
      assertThat(authorized.source()).isEqualTo(KeySource.USER);
      assertThat(authorized.key().map(Calls::text)).contains(BOBS);
    }
  }

  @Test
  void through_a_project_who_has_no_key_falls_back_as_elsewhere() {
    Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());
    c.w.member(project, c.bob, Role.READER);
    keys.ofUser(service, c.alice, "sk-of-alice-0123");

    try (AuthorizedCall authorized = Calls.authorized(c.call(c.bobs, project))) {
      assertThat(authorized.key().map(Calls::text)).contains(CENTRAL);
    }
  }

  /** At some providers, creating one can be a call of a model, which nobody would count. */
  @Test
  void a_limited_token_makes_no_conversations_where_they_may_run_models() {
    Limits models =
        new Limits(
            Optional.empty(), Optional.of(Set.of(new ModelPattern("small"))), Optional.empty());
    Limits operations =
        new Limits(
            Optional.empty(),
            Optional.empty(),
            Optional.of(Set.of(new Operation("POST conversations"))));
    Budget budget = ABudget.nanoDollars(9).build();
    List<TokenText> limited =
        Stream.of(models, Limits.of(new Budgets(List.of(budget))))
            .map(limits -> c.w.stored(AToken.of(c.alice).limits(limits).build()))
            .toList();
    TokenText named = c.w.stored(AToken.of(c.alice).limits(operations).build());
    Instance mistral = withOwnKey("mistral", Provider.MISTRAL);
    Instance openai = withOwnKey("openai", Provider.OPENAI);

    for (TokenText token : limited) {
      for (String call : List.of("POST conversations", "POST conversations/conv_1")) {
        AuthorizationOutcome refused = c.call(token, mistral.ref().toString(), call);
        assertThat(Calls.refusal(refused)).isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
        assertThat(((AuthorizationOutcome.Refused) refused).detail())
            .hasValueSatisfying(why -> assertThat(why).contains("can call a model"));
        Calls.authorized(c.call(token, openai.ref().toString(), call)).close();
      }
      Calls.authorized(c.call(token, mistral.ref().toString(), "GET conversations/conv_1")).close();
      Calls.authorized(c.call(token, mistral.ref().toString(), "POST files")).close();
    }
    Calls.authorized(c.call(named, mistral.ref().toString(), "POST conversations")).close();
    Calls.authorized(c.call(c.alices, mistral.ref().toString(), "POST conversations")).close();
  }

  private Instance withOwnKey(String handle, Provider provider) {
    Instance made =
        c.w.stored(AnInstance.of(c.alice, handle).provider(provider).keyPolicy(USERS).build());
    keys.ofUser(made, c.alice, BOBS);
    return made;
  }

  @Test
  void where_users_keys_are_turned_off_theirs_stay_unused_until_they_are_on_again() {
    keys.ofUser(service, c.alice, BOBS);

    c.policy(service, KeyPolicy.DEFAULT);
    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.CENTRAL);
    }
    c.policy(service, FALLBACK);
    try (AuthorizedCall authorized = Calls.authorized(c.call(c.alices, service))) {
      assertThat(authorized.source()).isEqualTo(KeySource.USER);
    }
  }

  @Test
  void one_that_does_not_open_is_replaced_by_no_other_and_on_record() {
    keys.ofUser(
        service,
        c.alice,
        keys.value(KeyBinding.ofUserKey(service.id(), c.bob.id(), service.destination()), BOBS));
    c.w.forget();

    assertThat(Calls.refusal(c.call(c.alices, service))).isEqualTo(CallRefusal.KEY_UNUSABLE);
    assertThat(c.w.recorded()).containsExactly("gateway.key_unusable failed alice/s []");
    assertThat(c.w.claviger.auditEvents().toString()).doesNotContain(BOBS);
  }
}
