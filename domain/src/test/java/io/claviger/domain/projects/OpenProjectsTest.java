package io.claviger.domain.projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.EveryCase;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.fairness.Weight;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Samples;
import io.claviger.domain.sharing.Share;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests which projects may be open to everybody, and what everybody may do with these projects. */
class OpenProjectsTest {
  private static final List<Boolean> FLAGS = List.of(false, true);

  private static final Set<ProjectAction> OPEN = Set.of(ProjectAction.SEE, ProjectAction.USE);

  private record Delegated(Relationship caller, Relationship owner, boolean mayReshare) {}

  private record Case(Relationship owner, Optional<Share.Terms> share) {}

  @Test
  void the_owner_of_the_service_opens_projects_and_who_may_pass_it_on_to_everybody() {
    EveryCase.of(
        Samples.allRelationships()
            .flatMap(owner -> shares(owner).map(share -> new Case(owner, share))),
        c ->
            assertThat(Visibility.mayBeOpen(c.owner(), c.share()))
                .isEqualTo(
                    c.owner().owningUser()
                        || (c.share().isPresent()
                            && c.share().get().mayReshare()
                            && c.share().get().toEverybody())));
  }

  @Test
  void everybody_sees_and_uses_an_open_project_and_nothing_more() {
    EveryCase.of(
        standings(),
        closed -> {
          ProjectRelationship open =
              new ProjectRelationship(
                  closed.owningUser(), closed.role(), closed.administrator(), true);
          for (ProjectAction action : ProjectAction.values()) {
            assertThat(ProjectPermissions.allows(open, action))
                .as("%s", action)
                .isEqualTo(ProjectPermissions.allows(closed, action) || OPEN.contains(action));
          }
          assertThat(open.shownRole())
              .isEqualTo(closed.shownRole().or(() -> Optional.of(Role.READER)));
        });
  }

  @Test
  void a_stranger_may_nothing_with_a_project_for_its_members() {
    ProjectRelationship stranger = new ProjectRelationship(false, Optional.empty(), false, false);

    for (ProjectAction action : ProjectAction.values()) {
      assertThat(ProjectPermissions.allows(stranger, action)).as("%s", action).isFalse();
    }
  }

  @Test
  void owners_members_and_administrators_may_do_with_a_closed_project_what_is_theirs() {
    EveryCase.of(
        standings(),
        each -> {
          Set<ProjectAction> may = EnumSet.noneOf(ProjectAction.class);
          if (each.role().isPresent()) {
            may.addAll(
                Set.of(
                    ProjectAction.SEE,
                    ProjectAction.USE,
                    ProjectAction.SEE_STORED,
                    ProjectAction.LEAVE));
          }
          if (each.role().filter(role -> role != Role.READER).isPresent()) {
            may.addAll(Set.of(ProjectAction.DESCRIBE, ProjectAction.SEE_MEMBERS));
          }
          if (each.administrator()) {
            may.addAll(Set.of(ProjectAction.SEE, ProjectAction.SEE_MEMBERS, ProjectAction.DELETE));
          }
          if (each.owningUser()) {
            may = EnumSet.complementOf(EnumSet.of(ProjectAction.LEAVE));
          }
          for (ProjectAction action : ProjectAction.values()) {
            assertThat(ProjectPermissions.allows(each, action))
                .as("%s", action)
                .isEqualTo(may.contains(action) || (each.open() && OPEN.contains(action)));
          }
          assertThat(each.shownRole())
              .isEqualTo(
                  each.owningUser()
                      ? Optional.of(Role.OWNER)
                      : each.role().or(() -> Optional.of(Role.READER).filter(role -> each.open())));
        });
  }

  @Test
  void a_project_passes_its_service_on_if_its_owner_may() {
    EveryCase.of(
        Samples.allRelationships()
            .flatMap(
                owner ->
                    Samples.allRelationships()
                        .flatMap(
                            caller ->
                                FLAGS.stream().map(may -> new Delegated(caller, owner, may)))),
        c ->
            assertThat(ProjectDelegation.through(c.caller(), c.owner(), c.mayReshare()))
                .isEqualTo(
                    !Permissions.allows(c.owner(), Action.USE)
                        ? ProjectDelegation.REVOKED
                        : Permissions.allows(c.caller(), Action.USE)
                                || c.owner().owningUser()
                                || c.mayReshare()
                            ? ProjectDelegation.ALLOWED
                            : ProjectDelegation.NOT_PASSED_ON));
    assertThat(InstanceAccess.of(true, true)).isEqualTo(InstanceAccess.OK);
    assertThat(InstanceAccess.of(true, false)).isEqualTo(InstanceAccess.DISABLED);
    assertThat(InstanceAccess.of(false, true)).isEqualTo(InstanceAccess.REVOKED);
    assertThat(InstanceAccess.of(false, false)).isEqualTo(InstanceAccess.REVOKED);
  }

  @Test
  void only_the_owner_changes_the_visibility_and_writers_the_metadata() {
    assertThat(ProjectPermissions.toChange(Project.VISIBILITY)).isEqualTo(ProjectAction.BIND);
    assertThat(ProjectPermissions.toChange(CommonFields.METADATA))
        .isEqualTo(ProjectAction.DESCRIBE);
    assertThat(ProjectPermissions.toChange(CommonFields.DESCRIPTION))
        .isEqualTo(ProjectAction.DESCRIBE);
    for (ProjectRelationship each : standings().toList()) {
      assertThat(ProjectPermissions.allows(each, ProjectAction.BIND)).isEqualTo(each.owningUser());
    }
  }

  @Test
  void what_may_be_passed_on_to_everybody_is_passed_on_to_members_and_not_by_groups() {
    Share.Terms everybody = terms(Role.READER, true, true);
    Share.Terms alone = terms(Role.READER, false, true);

    assertThat(everybody.faultsFor(GranteeName.of("bob"))).isEmpty();
    assertThat(alone.faultsFor(GranteeName.of("bob")))
        .extracting(fault -> fault.pointer())
        .containsExactly("/to_everybody");
    assertThat(everybody.faultsFor(GranteeName.of("@team"))).isNotEmpty();
  }

  @Test
  void a_co_owner_lets_others_pass_on_no_further_than_they_may_themselves() {
    Share.Terms members = terms(Role.OWNER, true, false);
    Share.Terms everybody = terms(Role.OWNER, true, true);

    assertThat(terms(Role.READER, true, true).fitWithin(members)).isFalse();
    assertThat(terms(Role.READER, true, true).fitWithin(everybody)).isTrue();
    assertThat(terms(Role.READER, true, false).fitWithin(members)).isTrue();
  }

  @Test
  void other_names_are_refused() {
    assertThat(Visibility.of("everybody")).isEqualTo(Visibility.EVERYBODY);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Visibility.of("Everybody"));
  }

  private static Stream<Optional<Share.Terms>> shares(Relationship owner) {
    return Stream.concat(
        Stream.of(Optional.<Share.Terms>empty()),
        owner.role().stream()
            .flatMap(
                role ->
                    FLAGS.stream()
                        .flatMap(
                            reshare ->
                                FLAGS.stream()
                                    .map(all -> Optional.of(terms(role, reshare, all))))));
  }

  private static Stream<ProjectRelationship> standings() {
    return FLAGS.stream()
        .flatMap(
            owning ->
                FLAGS.stream()
                    .flatMap(
                        administrator ->
                            Samples.roles()
                                .filter(role -> !role.equals(Optional.of(Role.OWNER)))
                                .map(
                                    role ->
                                        new ProjectRelationship(
                                            owning, role, administrator, false))));
  }

  private static Share.Terms terms(Role role, boolean mayReshare, boolean toEverybody) {
    return new Share.Terms(
        role, mayReshare, Optional.empty(), Limits.NONE, Limits.NONE, Weight.USUAL, toEverybody);
  }
}
