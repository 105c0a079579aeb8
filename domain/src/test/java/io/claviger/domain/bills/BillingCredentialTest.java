package io.claviger.domain.bills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.bills.BillingCredential.ModelAccess;
import io.claviger.domain.bills.BillingCredential.StatedScope;
import io.claviger.domain.formats.BillingApi;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BillingCredentialTest {
  @ParameterizedTest
  @CsvSource({
    "YES, false, key_may_call_models",
    "YES, true,",
    "NO, false,",
    "NO, true,",
    "UNKNOWN, false,",
    "UNKNOWN, true,"
  })
  void only_a_key_that_may_call_models_needs_to_be_confirmed(
      ModelAccess access, boolean confirmed, String code) {
    assertThat(access.refusal(confirmed).map(Fault::code)).isEqualTo(Optional.ofNullable(code));
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, , , ,",
    "OPENAI, p, , p,",
    "OPENAI, , w, , /workspace",
    "OPENAI, p, w, , /workspace",
    "ANTHROPIC, , , ,",
    "ANTHROPIC, , w, w,",
    "ANTHROPIC, p, , , /project",
    "ANTHROPIC, p, w, , /project"
  })
  void each_api_has_its_own_scope(
      BillingApi api, String project, String workspace, String scope, String fault) {
    StatedScope stated =
        new StatedScope(Optional.ofNullable(project), Optional.ofNullable(workspace));
    List<String> faults = stated.faults(api).stream().map(Fault::pointer).toList();

    assertThat(faults).isEqualTo(Optional.ofNullable(fault).stream().toList());
    if (faults.isEmpty()) {
      assertThat(stated.value()).isEqualTo(Optional.ofNullable(scope));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a&b", "a/b", "a%20", "ä", "a\nb"})
  void other_texts_are_no_ids(String text) {
    assertThatThrownBy(() -> BillingCredential.checkedId(text)).isInstanceOf(InvalidValue.class);
    assertThatThrownBy(() -> BillingCredential.checkedId("a".repeat(129)))
        .isInstanceOf(InvalidValue.class);
    assertThat(BillingCredential.checkedId("proj_Ab-1.2")).isEqualTo("proj_Ab-1.2");
  }
}
