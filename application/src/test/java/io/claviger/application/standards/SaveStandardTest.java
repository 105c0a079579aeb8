package io.claviger.application.standards;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AStandard;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import org.junit.jupiter.api.Test;

class SaveStandardTest {
  private static final KeyPlacement HEADER =
      new KeyPlacement(KeyMethod.CUSTOM_HEADER, "x-other-key");

  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final ApiStandard ours = AStandard.called("ours").build();

  @Test
  void an_administrator_creates_a_standard() {
    Outcome<Standards.SavedStandard> outcome = save(root, as(ours));

    assertThat(saved(outcome).speaksLike(ours)).isTrue();
    assertThat(outcome.orThrow().created()).isTrue();
  }

  @Test
  void a_new_standard_is_of_version_1() {
    assertThat(saved(save(root, as(ours))).version()).isEqualTo(1);
  }

  @Test
  void nobody_else_writes_standards() {
    assertThat(because(save(alice, as(ours)))).isEqualTo("forbidden");
    assertThat(w.claviger.apiStandards().find(ours.handle())).isEmpty();
  }

  @Test
  void an_administrators_token_of_scope_use_writes_none() {
    assertThat(because(w.standards.save(w.using(root), Precondition.NONE, as(ours))))
        .isEqualTo("forbidden");
  }

  @Test
  void an_unused_standard_can_change_altogether() {
    create(ours);

    ApiStandard after = saved(save(root, placed(ours, HEADER)));

    assertThat(after.placement()).isEqualTo(HEADER);
    assertThat(after.version()).isEqualTo(2);
  }

  @Test
  void of_a_standard_in_use_by_a_service_the_placement_stays() {
    create(ours);
    useBy(AnInstance.of(alice, "s").apiStandard("ours", KeyPlacement.BEARER).build());

    assertThat(because(save(root, placed(ours, HEADER)))).isEqualTo("in_use");
    assertThat(w.claviger.apiStandards().find(ours.handle()).orElseThrow().placement())
        .isEqualTo(KeyPlacement.BEARER);
  }

  @Test
  void of_a_standard_in_use_by_a_definition_the_placement_stays() {
    assertThat(because(save(root, placed(AStandard.called("openai").build(), HEADER))))
        .isEqualTo("in_use");
  }

  @Test
  void of_a_standard_in_use_the_description_can_change() {
    create(ours);
    useBy(AnInstance.of(alice, "s").apiStandard("ours", KeyPlacement.BEARER).build());

    ApiStandard after = saved(save(root, described(ours, "new words")));

    assertThat(after.description().value()).isEqualTo("new words");
  }

  @Test
  void what_changes_nothing_counts_nothing_up_and_is_not_on_record() {
    create(ours);

    assertThat(saved(save(root, as(ours))).version()).isEqualTo(1);
    assertThat(w.recorded()).isEmpty();
  }

  @Test
  void a_standard_that_is_there_is_not_created_only() {
    create(ours);

    assertThat(because(save(root, Precondition.CREATE_ONLY, as(ours))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    create(ours);

    assertThat(because(save(root, Precondition.version(2), described(ours, "new"))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_version_of_what_is_not_there_is_refused() {
    assertThat(because(save(root, Precondition.version(1), as(ours))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_creation_is_on_record() {
    Outcome<Standards.SavedStandard> unused = save(root, as(ours));

    assertThat(w.recorded()).containsExactly("standard.create done ours []");
  }

  @Test
  void a_change_is_on_record_with_the_fields() {
    create(ours);

    Outcome<Standards.SavedStandard> unused =
        save(
            root,
            placed(
                AStandard.called("ours").description("d").format(WireFormat.COHERE).build(),
                HEADER));

    assertThat(w.recorded())
        .containsExactly(
            "standard.update done ours [description, format, key_method, key_field, operations,"
                + " query_parameters]");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<Standards.SavedStandard> unused = save(alice, as(ours));

    assertThat(w.recorded()).containsExactly("standard.update refused ours [forbidden]");
  }

  private void create(ApiStandard standard) {
    w.claviger.apiStandards().insert(standard);
  }

  private void useBy(Instance instance) {
    Instance unused = w.stored(instance);
  }

  private Outcome<Standards.SavedStandard> save(User actor, Standards.StandardContent command) {
    return save(actor, Precondition.NONE, command);
  }

  private Outcome<Standards.SavedStandard> save(
      User actor, Precondition precondition, Standards.StandardContent command) {
    return w.standards.save(w.as(actor), precondition, command);
  }

  private static ApiStandard saved(Outcome<Standards.SavedStandard> outcome) {
    return outcome.orThrow().standard();
  }

  private static Standards.StandardContent as(ApiStandard standard) {
    return as(standard, standard.description(), standard.placement());
  }

  private static Standards.StandardContent described(ApiStandard standard, String description) {
    return as(standard, new Description(description), standard.placement());
  }

  private static Standards.StandardContent placed(ApiStandard standard, KeyPlacement placement) {
    return as(standard, standard.description(), placement);
  }

  private static Standards.StandardContent as(
      ApiStandard standard, Description description, KeyPlacement placement) {
    return new Standards.StandardContent(
        standard.handle(),
        description,
        standard.format(),
        placement,
        standard.operations(),
        standard.requestHeaders(),
        standard.responseHeaders(),
        standard.queryParameters());
  }
}
