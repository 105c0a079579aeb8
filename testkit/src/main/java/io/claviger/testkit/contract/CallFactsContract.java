package io.claviger.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.out.CallFacts;
import io.claviger.application.gateway.out.CallFacts.Facts;
import io.claviger.application.gateway.out.CallFacts.Target;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.testkit.Seeds;
import io.claviger.testkit.build.ADefinition;
import io.claviger.testkit.build.AShare;
import io.claviger.testkit.build.AToken;
import io.claviger.testkit.build.AUser;
import io.claviger.testkit.build.AnInstance;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link CallFacts} promises. */
public abstract class CallFactsContract extends PortContract {
  private static final ApiStandard OPENAI = Seeds.STANDARDS.get(5);

  @Test
  void an_unknown_token_tells_nothing() {
    User alice = user("alice");
    Instance instance = stored(AnInstance.of(alice, "i").build());

    assertThat(ports.callFacts().gather(hash(1), instance.ref())).isEmpty();
  }

  @Test
  void an_unknown_service_leaves_the_token_and_its_user() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));

    assertThat(ports.callFacts().gather(hash(1), InstanceRef.of("alice/none")))
        .contains(new Facts(token, alice, none()));
  }

  @Test
  void an_owner_has_no_share_of_what_is_theirs() {
    User alice = user("alice");
    AccessToken token = token(AToken.of(alice));
    Instance instance = stored(AnInstance.of(alice, "i").build());

    assertThat(ports.callFacts().gather(hash(1), instance.ref()))
        .contains(
            new Facts(
                token, alice, Optional.of(new Target(instance, OPENAI, none(), none(), none()))));
  }

  @Test
  void everything_comes_at_once_expired_or_not() {
    User alice = user("alice");
    User bob = stored(AUser.called("bob").email("bob@example.org"));
    Definition definition = stored(ADefinition.of(alice, "template").build());
    Instance instance =
        AnInstance.of(alice, "i")
            .from(definition)
            .apiKeySetAt(NOW)
            .headerNames("X-One")
            .limits(new Limits(Optional.of(7), none(), none()))
            .build();
    SealedValue key = sealed(instance, "sk-0123456789");
    SealedValue headers = sealed(instance, "X-One:secret");
    ports.instances().insert(instance, replace(key), replace(headers));
    Share share = shared(instance, AShare.with(bob).expiresAt(NOW).givenBy(alice).build(), alice);
    AccessToken token =
        token(
            AToken.of(bob)
                .onlyFor(instance)
                .expiresAt(NOW)
                .limits(new Limits(Optional.of(3), none(), none())));

    assertThat(ports.callFacts().gather(hash(1), instance.ref()))
        .contains(
            new Facts(
                token,
                bob,
                Optional.of(
                    new Target(
                        instance,
                        OPENAI,
                        Optional.of(share),
                        Optional.of(key),
                        Optional.of(headers)))));
  }

  @Test
  void somebody_elses_share_is_not_the_callers() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    Instance instance = stored(AnInstance.of(alice, "i").build());
    shared(instance, AShare.with(carol).build(), alice);
    token(AToken.of(bob));

    Facts facts = ports.callFacts().gather(hash(1), instance.ref()).orElseThrow();

    assertThat(facts.target().orElseThrow().share()).isEmpty();
  }

  private AccessToken token(AToken builder) {
    AccessToken token = builder.build();
    ports.accessTokens().save(token, hash(1));
    return token;
  }
}
