package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A service that a caller can't see gets the same answer as one that does not exist, at the same
 * cost: each call takes one query, and nothing is cached.
 */
class HiddenServiceTest {
  private static final CallTarget MISSING = new CallTarget.Service(Instance.Ref.of("alice/none"));
  private static final CallTarget MISSING_PROJECT =
      new CallTarget.OfProject(Project.Ref.of("alice/none"));

  private final Calls c = new Calls();
  private final Instance service = c.write.withKey(c.alice, "s");
  private final CallTarget direct = new CallTarget.Service(service.ref());

  @Test
  void a_missing_service_is_asked_for_each_time() {
    assertAskedForEachTime(c.bobs, MISSING);
  }

  @Test
  void a_service_of_somebody_else_is_asked_for_each_time() {
    assertAskedForEachTime(c.bobs, direct);
  }

  @Test
  void a_service_is_hidden_again_when_its_share_expires_though_it_was_remembered() {
    Object unused =
        c.w.stored(
            service,
            AShare.with(c.bob)
                .givenBy(c.alice)
                .expiresAt(c.w.claviger.clock().instant().plusSeconds(5))
                .build());
    CallAuthorization.AuthorizationOutcome remembered = c.remember(c.bobs, direct);
    Calls.authorized(remembered).close();
    assertThat(c.atOnce(c.bobs, direct, Calls.OPERATION)).isPresent();

    c.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertAskedForEachTime(c.bobs, direct);
  }

  @Test
  void with_a_restricted_token_every_other_service_and_project_is_asked_for_each_time() {
    Instance other = c.write.withKey(c.alice, "other");
    Project project = c.w.stored(AProject.of(c.alice, "p").using(other).build());
    TokenText restricted = c.w.stored(AToken.of(c.alice).onlyFor(other).build());

    assertAskedForEachTime(restricted, MISSING);
    assertAskedForEachTime(restricted, direct);
    assertAskedForEachTime(restricted, MISSING_PROJECT);
    assertAskedForEachTime(restricted, new CallTarget.OfProject(project.ref()));
  }

  @Test
  void a_project_of_somebody_else_is_asked_for_as_a_missing_one() {
    Project project = c.w.stored(AProject.of(c.alice, "p").using(service).build());

    assertAskedForEachTime(c.bobs, MISSING_PROJECT);
    assertAskedForEachTime(c.bobs, new CallTarget.OfProject(project.ref()));
  }

  @Test
  void the_answers_are_the_same() {
    assertThat(c.call(c.bobs, direct, Calls.OPERATION))
        .isEqualTo(c.call(c.bobs, MISSING, Calls.OPERATION))
        .isEqualTo(
            new CallAuthorization.AuthorizationOutcome.Refused(
                    CallRefusal.NOT_FOUND, Optional.empty())
                .to(c.bob.handle()));
  }

  private void assertAskedForEachTime(TokenText token, CallTarget callTarget) {
    for (int n = 0; n < 3; n++) {
      c.refresh();
      assertThat(c.atOnce(token, callTarget, Calls.OPERATION)).isEmpty();
      int asked = c.w.facts.asked();
      assertThat(Calls.refusal(c.call(token, callTarget, Calls.OPERATION)))
          .isEqualTo(CallRefusal.NOT_FOUND);
      assertThat(c.w.facts.asked()).isEqualTo(asked + 1);
    }
  }
}
