package io.claviger.imports.litellm.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.Provider;
import io.claviger.imports.litellm.rules.ModelTranslation.PlannedService;
import io.claviger.imports.shared.EarlierService;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which services of LiteLLM an earlier run has created. A and B are two providers' addresses. */
class ServiceNamesTest {
  private static final String A = "https://a.example/v1";
  private static final String B = "https://b.example/v1";

  private static PlannedService planned(String url, String key, String id, String... further) {
    SourceProvider place =
        new SourceProvider(
            Provider.OPENAI_COMPAT,
            Provider.OPENAI_COMPAT.defaultFormat(),
            Provider.OPENAI_COMPAT.defaultStandard(),
            Endpoint.of(url),
            "m");
    Set<String> ids = new HashSet<>(List.of(further));
    ids.add(id);
    return new PlannedService(id, place, Optional.ofNullable(key), false, ids);
  }

  private static EarlierService came(String name, String url, String key) {
    return came(name, url, key, false);
  }

  private static EarlierService came(String name, String url, String key, boolean setHere) {
    return new EarlierService(
        name,
        Optional.of(new EarlierService.Place(Provider.OPENAI_COMPAT, Endpoint.of(url), setHere)),
        given -> given.equals(Optional.ofNullable(key)));
  }

  private static EarlierService ended(String name) {
    return new EarlierService(name, Optional.empty(), key -> false);
  }

  private static Map<String, String> names(List<PlannedService> planned, EarlierService... came) {
    return ServiceNames.of(planned, List.of(came));
  }

  @Test
  void newServicesHaveTheNamesOfTheirOldestModels() {
    assertThat(names(List.of(planned(A, "1", "m-1"), planned(A, "2", "m-2"))))
        .isEqualTo(Map.of("m-1", "m-1", "m-2", "m-2"));
  }

  @Test
  void anEntryThatWasInsertedIsNotTakenForTheOneThatHadItsPosition() {
    List<PlannedService> planned =
        List.of(
            planned(B, "2", "config/x/bbb", "config/x/1"),
            planned(A, "1", "config/x/aaa", "config/x/2"));

    assertThat(names(planned, came("config/x/1", A, "1")))
        .as("stored by its position")
        .isEqualTo(Map.of("config/x/bbb", "config/x/bbb", "config/x/aaa", "config/x/1"));
    assertThat(names(planned, came("config/x/aaa", A, "1")))
        .isEqualTo(Map.of("config/x/bbb", "config/x/bbb", "config/x/aaa", "config/x/aaa"));
  }

  @Test
  void twoKeysForOneAddressAreNotMistakenForEachOther() {
    List<PlannedService> planned =
        List.of(
            planned(A, "2", "config/x/bbb", "config/x/1"),
            planned(A, "1", "config/x/aaa", "config/x/2"));

    assertThat(names(planned, came("config/x/1", A, "1"), came("config/x/2", A, "2")))
        .isEqualTo(Map.of("config/x/bbb", "config/x/2", "config/x/aaa", "config/x/1"));
    assertThat(names(planned, came("config/x/1", A, "1")))
        .isEqualTo(Map.of("config/x/bbb", "config/x/bbb", "config/x/aaa", "config/x/1"));
  }

  @Test
  void aReplacedKeyAndAnAddressThatWasSetHereChangeNoService() {
    assertThat(names(List.of(planned(A, "new", "m-1")), came("m-1", A, "old")))
        .isEqualTo(Map.of("m-1", "m-1"));
    assertThat(names(List.of(planned(A, "1", "m-1")), came("m-1", B, "1", true)))
        .isEqualTo(Map.of("m-1", "m-1"));
    assertThat(names(List.of(planned(A, "1", "config/x/aaa", "config/x/1")), ended("config/x/1")))
        .as("a service that was deleted here does not come again")
        .isEqualTo(Map.of("config/x/aaa", "config/x/1"));
  }

  @Test
  void aPositionAloneDoesNotTellWhichOfSeveralEntriesItWas() {
    List<PlannedService> planned =
        List.of(
            planned(B, "2", "config/x/bbb", "config/x/1"),
            planned(A, "1", "config/x/aaa", "config/x/2"));

    assertThat(names(planned, came("config/x/1", "https://here.example", "1", true)))
        .isEqualTo(Map.of("config/x/bbb", "config/x/bbb", "config/x/aaa", "config/x/aaa"));
    assertThat(names(planned, came("config/x/1", B, "replaced")))
        .isEqualTo(Map.of("config/x/bbb", "config/x/bbb", "config/x/aaa", "config/x/aaa"));
  }

  @Test
  void aModelThatGotAnotherAddressOrKeyIsCalledThroughAnotherService() {
    assertThat(names(List.of(planned(B, "2", "m-1")), came("m-1", A, "1")))
        .hasEntrySatisfying("m-1", name -> assertThat(name).startsWith("m-1/"));

    List<PlannedService> planned = List.of(planned(A, "2", "m-1"), planned(A, "1", "m-2"));
    Map<String, String> names = names(planned, came("m-1", A, "1"));
    assertThat(names).containsEntry("m-2", "m-1");
    String other = names.get("m-1");
    assertThat(other).startsWith("m-1/");
    assertThat(names(planned, came("m-1", A, "1"), came(other, A, "2"))).isEqualTo(names);
  }

  @Test
  void aServiceWhoseOldestModelIsGoneIsFoundByItsKey() {
    assertThat(names(List.of(planned(A, "1", "m-2")), came("m-1", A, "1")))
        .isEqualTo(Map.of("m-2", "m-1"));
    assertThat(names(List.of(planned(A, "2", "m-2")), came("m-1", A, "1")))
        .isEqualTo(Map.of("m-2", "m-2"));
    assertThat(names(List.of(planned(A, null, "m-2")), came("m-1", A, null)))
        .isEqualTo(Map.of("m-2", "m-1"));
  }
}
