package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final Issuer ISSUER = new Issuer("https://id.example");
  private static final Issuer OTHER = new Issuer("https://id.example/");
  private static final Identity BOB = new Identity(ISSUER, new Subject("bob-1"));
  private static final FormerUser NOBODY = new FormerUser(Optional.empty(), Optional.empty());
  private static final FormerUser FORMER =
      new FormerUser(Optional.of(BOB), Optional.of(new FormerUser.Provisioned(ISSUER, "ext-1")));

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u001fb", "a\u007f", "a\nb", "b\u00fccher", "\u0430"})
  void a_subject_is_printable_ascii(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Subject(text));
  }

  @Test
  void a_subject_has_1_to_255_characters() {
    assertThat(new Subject("x").value()).isEqualTo("x");
    assertThat(new Subject(" ~".repeat(127) + "x").value()).hasSize(255);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new Subject("x".repeat(256)));
  }

  @Test
  void a_former_user_had_only_their_own_subject_at_their_own_issuer() {
    assertThat(FORMER.had(BOB)).isTrue();
    assertThat(FORMER.had(new Identity(OTHER, BOB.subject()))).isFalse();
    assertThat(FORMER.had(new Identity(ISSUER, new Subject("bob-2")))).isFalse();
    assertThat(NOBODY.had(BOB)).isFalse();
    assertThat(FORMER.had(ISSUER, "bob-1")).isTrue();
    assertThat(FORMER.had(OTHER, "bob-1")).isFalse();
    assertThat(FORMER.had(ISSUER, "Bob-1")).isFalse();
    assertThat(FORMER.had(ISSUER, "")).isFalse();
    assertThat(NOBODY.had(ISSUER, "bob-1")).isFalse();
  }

  @Test
  void a_new_person_is_a_former_user_only_by_the_same_identifier_of_the_same_issuer() {
    assertThat(FORMER.was(ISSUER, Optional.of("ext-1"))).isTrue();
    assertThat(FORMER.was(OTHER, Optional.of("ext-1"))).isFalse();
    assertThat(FORMER.was(ISSUER, Optional.of("ext-2"))).isFalse();
    assertThat(FORMER.was(ISSUER, Optional.empty())).isFalse();
    assertThat(NOBODY.was(ISSUER, Optional.of("ext-1"))).isFalse();
    assertThat(NOBODY.was(ISSUER, Optional.empty())).isFalse();
  }

  @Test
  void groups_are_selected_by_their_exact_value_or_by_a_prefix_with_an_asterisk() {
    GroupSelection selection = GroupSelection.of(List.of("staff", "ai-*"));

    assertThat(List.of("staff", "ai-", "ai-users")).allMatch(selection::contains);
    assertThat(List.of("", "staff-2", "Staff", "ai", "AI-users", "my-ai-users"))
        .noneMatch(selection::contains);
    assertThat(GroupSelection.of(List.of("*"))).isEqualTo(GroupSelection.ALL);
    assertThat(GroupSelection.ALL.contains("anything")).isTrue();
    assertThat(GroupSelection.NONE.contains("")).isFalse();
    assertThat(GroupSelection.of(List.of("a*b")).contains("a*b")).isTrue();
    assertThat(GroupSelection.of(List.of("a*b")).contains("a*c")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://accounts.google.com",
        "https://ACCOUNTS.google.com/",
        "https://gitlab.com/a/path",
        "https://login.microsoftonline.com",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/Organizations/v2.0",
        "https://login.windows.net/consumers",
        "https://sts.windows.net/9188040D-6c67-4c5b-b112-36a304b66dad/",
      })
  void anybody_can_have_an_account_with_an_open_issuer(String issuer) {
    assertThat(OpenIssuers.contain(new Issuer(issuer))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example",
        "https://gitlab.com.id.example",
        "https://gitlab.id.example",
        "https://my-gitlab.com",
        "https://sts.windows.net/7f0c0a45-8f7b-4b0e-9d3b-0a3c1f6f2f11",
        "https://login.microsoftonline.com/7f0c0a45-8f7b-4b0e-9d3b-0a3c1f6f2f11/v2.0",
        "https://login.microsoftonline.com/7f0c0a45-8f7b-4b0e-9d3b-0a3c1f6f2f11/common",
        "https://id.example/common",
      })
  void an_organizations_own_issuer_or_tenant_is_not_open(String issuer) {
    assertThat(OpenIssuers.contain(new Issuer(issuer))).isFalse();
  }
}
