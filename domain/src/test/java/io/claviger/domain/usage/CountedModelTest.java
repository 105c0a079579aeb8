package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CountedModelTest {
  private static List<CountedModel> all() {
    List<UsageModel> names =
        Stream.of("", "a", "a ", "a b", "b", "other", "\u00e4")
            .map(name -> name.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(name))
            .toList();
    List<CountedModel> models = new ArrayList<>();
    for (UsageModel called : names) {
      for (UsageModel answered : names) {
        for (ServiceTier tier :
            List.of(ServiceTier.STANDARD, ServiceTier.FLEX, ServiceTier.of("x-1"))) {
          models.add(new CountedModel(called, answered, tier));
        }
      }
    }
    return models.stream().distinct().toList();
  }

  @Test
  void a_key_stands_for_one_model_and_has_its_order() {
    List<CountedModel> models = all();

    assertThat(models.stream().map(CountedModel::key)).doesNotHaveDuplicates();
    assertThat(models).allSatisfy(one -> assertThat(CountedModel.ofKey(one.key())).isEqualTo(one));
    assertThat(models.stream().sorted(Comparator.comparing(CountedModel::key)))
        .isEqualTo(models.stream().sorted().toList());
  }

  @Test
  void a_model_that_answered_itself_as_usual_has_its_name_as_key() {
    UsageModel gpt = UsageModel.called("gpt");

    assertThat(new CountedModel(gpt, gpt, ServiceTier.STANDARD)).isEqualTo(CountedModel.of(gpt));
    assertThat(CountedModel.of(gpt).key()).isEqualTo("gpt");
    assertThat(CountedModel.UNKNOWN.key()).isEmpty();
    assertThat(CountedModel.UNKNOWN.isKnown()).isFalse();
    assertThat(new CountedModel(UsageModel.UNKNOWN, gpt, ServiceTier.STANDARD).isKnown()).isTrue();
  }

  @Test
  void other_texts_are_no_keys() {
    for (String text :
        List.of(
            "a\u001f",
            "a\u001f\u001f",
            "a\u001fa\u001f",
            "a\u001fb\u001f\u001f",
            "a\u001fb\u001fX")) {
      assertThatIllegalArgumentException().isThrownBy(() -> CountedModel.ofKey(text));
    }
  }
}
