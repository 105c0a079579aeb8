package io.claviger.application.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.fakes.InMemoryAttributedUsers;
import io.claviger.application.fakes.InMemoryNamingKeys;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.keys.NamingKeys;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.Outcome;
import io.claviger.application.sharing.port.AttributedUsers.AttributedUser;
import io.claviger.domain.accounts.User;
import io.claviger.domain.keys.CallerIdentifier;
import io.claviger.domain.keys.CallerNames;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.CallerField;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.sharing.Role;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CallerAttributionsTest {
  private final SharingFixture f = new SharingFixture();
  private final InMemoryNamingKeys keys = new InMemoryNamingKeys();
  private final InMemoryAttributedUsers users = new InMemoryAttributedUsers();
  private final CallerAttributions attributions =
      CallerAttributions.of(
          f.w.claviger.instances(), users, keys, f.w.claviger.sealer(), f.w.claviger.clock());
  private final NamingKeys naming =
      new NamingKeys(keys, f.w.claviger.sealer(), f.w.claviger.randomBytes());
  private final LocalDate today =
      LocalDate.ofInstant(f.w.claviger.clock().instant(), ZoneOffset.UTC);

  @Test
  void whoever_sees_the_shares_finds_the_caller_by_any_of_the_callers_identifiers() {
    f.given(f.alice, f.bob, SharingFixture.as(Role.READER));
    called(f.bob, f.alice, today);
    AttributedUser found = new AttributedUser(f.bob.id(), f.bob.handle(), today);

    for (Optional<String> value : Set.of(Optional.<String>empty(), Optional.of("x"))) {
      assertThat(find(f.alice, f.bob, value)).isEqualTo(new Outcome.Done<>(found));
      assertThat(find(f.root, f.bob, value)).isEqualTo(new Outcome.Done<>(found));
    }
  }

  @Test
  void borrowers_learn_nothing_and_strangers_not_even_that_there_is_a_service() {
    f.given(f.alice, f.bob, SharingFixture.as(Role.READER));
    called(f.bob, f.alice, today);

    assertThat(code(find(f.bob, f.bob, Optional.empty()))).isEqualTo("forbidden");
    assertThat(code(find(f.carol, f.bob, Optional.empty()))).isEqualTo("not_found");
  }

  @Test
  void nobody_is_found_who_did_not_call_or_called_another_owner_or_long_ago() {
    called(f.bob, f.carol, today);
    called(f.carol, f.alice, today.minusDays(401));

    assertThat(code(find(f.alice, f.bob, Optional.empty()))).isEqualTo("not_found");
    assertThat(code(find(f.alice, f.carol, Optional.empty()))).isEqualTo("not_found");
    assertThat(code(find(f.alice, f.root, Optional.empty()))).isEqualTo("not_found");
  }

  @Test
  void a_node_that_can_not_know_the_caller_does_not_say_that_there_is_none() {
    called(f.bob, f.alice, today);
    CallerAttributions paused =
        CallerAttributions.of(
            f.w.claviger.instances(),
            users,
            keys,
            InMemorySealer.withOneKey(),
            f.w.claviger.clock());
    CallerIdentifier identifier = identifier(f.bob, Optional.empty());

    assertThatExceptionOfType(MissingEncryptionKey.class)
        .isThrownBy(() -> paused.find(f.w.as(f.alice), f.service.ref(), identifier));
  }

  private void called(User user, User owner, LocalDate day) {
    users.add(f.service.id(), owner.id(), new AttributedUser(user.id(), user.handle(), day));
  }

  private Outcome<AttributedUser> find(User actor, User caller, Optional<String> value) {
    return attributions.find(f.w.as(actor), f.service.ref(), identifier(caller, value));
  }

  private CallerIdentifier identifier(User caller, Optional<String> value) {
    Secret key =
        naming
            .make(f.service.id())
            .flatMap(bound -> f.w.claviger.sealer().open(bound.value(), bound.binding()))
            .orElseThrow();
    try (CallerNames names =
        new CallerNames(
            key, caller.id(), new NamingRules(PromptCache.PER_CALLER, Attribution.ON, Set.of()))) {
      return new CallerIdentifier(names.of(CallerField.SAFETY_IDENTIFIER, value));
    }
  }

  private static String code(Outcome<?> outcome) {
    return outcome instanceof Outcome.Refused<?> refused
        ? refused.why().code()
        : outcome.toString();
  }
}
