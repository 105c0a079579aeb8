package io.claviger.domain.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.DisplayName;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.groups.Group;
import io.claviger.domain.groups.GroupSource;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimAdmission.Decision;
import io.claviger.domain.scim.ScimHandles.Holder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScimRulesTest {
  private static final Issuer OURS = new Issuer("https://id.example");
  private static final Issuer OTHER = new Issuer("https://other.example");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final UUID ID = UUID.fromString("0198aaaa-0000-7000-8000-0000deadbeef");
  private static final User.Id ALICE = new User.Id(ID);
  private static final User.Id BOB =
      new User.Id(UUID.fromString("0198aaaa-0000-7000-8000-0000deadbee0"));

  @ParameterizedTest
  @CsvSource({
    "alice@example.com, alice",
    "Alice@example.com, alice",
    "alice, alice",
    "a.b-c_d@x, a.b-c_d",
    "alice@a@b, alice",
    "al ice@x, ",
    "álice@x, ",
    "alice+tag@x, ",
    "@x, ",
    "admin@x, ",
    "_system@x, "
  })
  void a_handle_follows_from_a_user_name_by_case_folding_alone(String userName, String handle) {
    assertThat(ScimHandles.ofUserName(userName).map(Handle::value))
        .isEqualTo(Optional.ofNullable(handle));
  }

  @Test
  void a_handle_never_goes_to_somebody_else() {
    Handle ofId = ScimHandles.ofUser(ID);
    Optional<Handle> alice = Optional.of(new Handle("alice"));
    Optional<Handle> root = Optional.of(new Handle("root"));

    assertThat(ofId).isEqualTo(new Handle("u-deadbeef"));
    assertThat(ScimHandles.ofGroup(ID)).isEqualTo(new Handle("g-deadbeef"));
    assertThat(ScimHandles.choose(alice, Holder.NOBODY, ofId)).isEqualTo(alice);
    assertThat(ScimHandles.choose(alice, Holder.SAME_ISSUER, ofId)).contains(ofId);
    assertThat(ScimHandles.choose(alice, Holder.FORMER, ofId)).contains(ofId);
    assertThat(ScimHandles.choose(alice, Holder.OTHER, ofId)).isEmpty();
    for (Holder holder : Holder.values()) {
      assertThat(ScimHandles.choose(Optional.empty(), holder, ofId)).contains(ofId);
      assertThat(ScimHandles.choose(root, holder, ofId)).isEmpty();
    }
  }

  @Test
  void an_issuer_sees_whom_it_made_or_who_signs_in_with_it_and_nobody_else() {
    for (String handle : List.of("alice", "root")) {
      for (boolean service : List.of(false, true)) {
        for (Optional<ScimUser> record :
            List.of(
                Optional.<ScimUser>empty(),
                Optional.of(record(OURS)),
                Optional.of(record(OURS).withDeletion(NOW)),
                Optional.of(record(OTHER)))) {
          for (Optional<Issuer> identity :
              List.of(Optional.<Issuer>empty(), Optional.of(OURS), Optional.of(OTHER))) {
            boolean made = record.filter(r -> r.issuer().equals(OURS) && !r.deleted()).isPresent();
            boolean linked =
                identity.equals(Optional.of(OURS))
                    && record.filter(r -> r.issuer().equals(OURS)).isEmpty();
            assertThat(ScimSight.sees(OURS, user(handle, service), record, identity))
                .as("%s %s %s %s", handle, service, record, identity)
                .isEqualTo(handle.equals("alice") && !service && (made || linked));
          }
        }
      }
    }
    assertThat(ScimSight.sees(OURS, user("_system", false), Optional.empty(), Optional.of(OURS)))
        .isFalse();
  }

  @Test
  void an_issuer_sees_its_own_groups_and_no_local_ones() {
    ScimGroup record = new ScimGroup(new Group.Id(ID), OURS, Optional.empty(), Optional.empty());
    ScimGroup deleted = new ScimGroup(new Group.Id(ID), OURS, Optional.empty(), Optional.of(NOW));

    assertThat(ScimSight.sees(OURS, group(Optional.of(OURS)), Optional.empty())).isTrue();
    assertThat(ScimSight.sees(OURS, group(Optional.of(OURS)), Optional.of(record))).isTrue();
    assertThat(ScimSight.sees(OURS, group(Optional.of(OURS)), Optional.of(deleted))).isFalse();
    assertThat(ScimSight.sees(OURS, group(Optional.of(OTHER)), Optional.of(record))).isFalse();
    assertThat(ScimSight.sees(OURS, group(Optional.empty()), Optional.of(record))).isFalse();
  }

  @Test
  void only_a_provisioned_person_signs_in() {
    Optional<ScimUser> active = Optional.of(record(OURS));
    Optional<ScimUser> suspended = Optional.of(record(OURS).with(OURS, names(), false, NOW));
    Optional<ScimUser> deleted = Optional.of(record(OURS).withDeletion(NOW));
    Optional<User.Id> nobody = Optional.empty();
    Optional<User.Id> alice = Optional.of(ALICE);
    Optional<User.Id> bob = Optional.of(BOB);

    for (boolean other : List.of(false, true)) {
      assertThat(ScimAdmission.decide(nobody, Optional.empty(), other))
          .isEqualTo(Decision.NOT_PROVISIONED);
      assertThat(ScimAdmission.decide(alice, Optional.empty(), other))
          .isEqualTo(Decision.NOT_PROVISIONED);
      assertThat(ScimAdmission.decide(alice, active, other)).isEqualTo(Decision.SIGN_IN);
      assertThat(ScimAdmission.decide(alice, suspended, other)).isEqualTo(Decision.SUSPENDED);
      assertThat(ScimAdmission.decide(alice, deleted, other)).isEqualTo(Decision.SUSPENDED);
      assertThat(ScimAdmission.decide(bob, active, other)).isEqualTo(Decision.MISMATCH);
      assertThat(ScimAdmission.decide(bob, suspended, other)).isEqualTo(Decision.MISMATCH);
    }
    assertThat(ScimAdmission.decide(nobody, active, false)).isEqualTo(Decision.LINK);
    assertThat(ScimAdmission.decide(nobody, active, true)).isEqualTo(Decision.MISMATCH);
    assertThat(ScimAdmission.decide(nobody, suspended, false)).isEqualTo(Decision.SUSPENDED);
  }

  @Test
  void the_operator_says_which_attribute_equals_which_claim() {
    assertThat(ScimSubject.of("externalId=sub")).contains(ScimSubject.DEFAULT);
    assertThat(ScimSubject.of(" userName = oid "))
        .contains(new ScimSubject(ScimSubject.Attribute.USER_NAME, ScimSubject.Claim.OID));
    for (String wrong : List.of("", "externalId", "externalId=", "=sub", "email=sub", "id=sub")) {
      assertThat(ScimSubject.of(wrong)).as(wrong).isEmpty();
    }
    assertThat(ScimSubject.Claim.OID.of("s", Optional.empty())).isEmpty();
    assertThat(ScimSubject.Claim.OID.of("s", Optional.of("o"))).contains("o");
    assertThat(ScimSubject.Claim.SUB.of("s", Optional.of("o"))).contains("s");
  }

  @Test
  void names_are_short_and_on_one_line() {
    for (String wrong : List.of("", " ", "a\nb", "\u0000", "x".repeat(256))) {
      assertThatExceptionOfType(InvalidValue.class)
          .isThrownBy(
              () ->
                  new ScimUser.Names(
                      Optional.empty(),
                      wrong,
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()));
    }
  }

  private static ScimUser.Names names() {
    return new ScimUser.Names(
        Optional.of("a"), "alice@x", Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static ScimUser record(Issuer issuer) {
    return new ScimUser(ALICE, issuer, names(), true, Optional.empty(), NOW, NOW);
  }

  private static User user(String handle, boolean service) {
    Handle named = new Handle(handle);
    return new User(
        ALICE,
        named,
        User.defaults(named),
        service ? UserKind.SERVICE : UserKind.PERSON,
        service ? Optional.of(new Responsible.Person(BOB, new Handle("bob"))) : Optional.empty(),
        Optional.empty(),
        1,
        NOW,
        NOW);
  }

  private static Group group(Optional<Issuer> issuer) {
    return new Group(
        new Group.Id(ID),
        new Handle("team"),
        FieldValues.NONE.with(CommonFields.DISPLAY_NAME, new DisplayName("Team")),
        issuer.map(from -> new GroupSource(from.value(), "team")),
        1,
        NOW,
        NOW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\0b", "a\nb"})
  void an_id_of_a_group_is_one_line(String id) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> ScimGroup.demandId(id));
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> ScimGroup.demandId("x".repeat(256)));
    ScimGroup.demandId("x".repeat(255));
  }
}
