package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.routing.port.ModelListStore;
import io.claviger.application.routing.port.ModelListStore.FetchedModelList;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.keys.UserKey;
import io.claviger.domain.routing.ModelList;
import io.claviger.domain.transfers.Transfer;
import io.claviger.domain.transfers.TransferItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ModelListStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class ModelListsContract extends TwoUsersContract {
  private static final Instant EARLIER = NOW.minusSeconds(60);
  private static final Duration APART = Duration.ofMinutes(1);

  private Instance service;
  private ListOf everybodys;
  private ListOf bobs;

  @BeforeEach
  void fill() {
    service = stored(AnInstance.of(alice, "s").build());
    everybodys = new ListOf(service.id(), none());
    bobs = new ListOf(service.id(), Optional.of(bob.id()));
  }

  @Test
  void a_list_is_replaced_by_the_next_one() {
    save(everybodys, NOW, "a", "b");
    save(everybodys, NOW.plusSeconds(1), "c");

    assertThat(lists(alice))
        .containsExactly(
            new FetchedModelList(
                everybodys, service.endpoint(), ModelList.of(List.of("c")), NOW.plusSeconds(1)));
  }

  @Test
  void what_was_listed_with_a_users_key_is_theirs_and_ends_with_the_key() {
    SealedValue unused = userKey(service, bob);
    save(everybodys, NOW, "a");
    save(bobs, NOW, "b");

    assertThat(lists(alice)).extracting(FetchedModelList::of).containsExactly(everybodys);
    assertThat(lists(bob))
        .extracting(FetchedModelList::of)
        .containsExactlyInAnyOrder(everybodys, bobs);

    boolean deleted = ports.userKeys().delete(service.id(), bob.id());
    assertThat(deleted).isTrue();
    assertThat(lists(bob)).extracting(FetchedModelList::of).containsExactly(everybodys);
  }

  @Test
  void what_was_listed_with_a_users_key_ends_when_it_is_replaced() {
    SealedValue unused = userKey(service, bob);
    save(everybodys, NOW, "a");
    save(bobs, NOW, "b");
    assertThat(claim(bobs)).isEmpty();

    replaceKey(NOW.plusSeconds(1));

    assertThat(lists(bob)).extracting(FetchedModelList::of).containsExactly(everybodys);
    assertThat(claim(bobs)).containsExactly(bobs);
  }

  @Test
  void what_was_listed_with_a_key_that_was_replaced_meanwhile_is_not_stored() {
    SealedValue unused = userKey(service, bob);
    replaceKey(NOW.plusSeconds(1));

    assertThat(isSaved(bobs, NOW, "b")).isFalse();

    assertThat(lists(bob)).isEmpty();
  }

  @Test
  void what_was_listed_with_a_former_key_of_the_service_is_not_stored() {
    ModelList listed = ModelList.of(List.of("a"));
    assertThat(
            ports.modelLists().save(everybodys, service.endpoint(), Optional.of(NOW), listed, NOW))
        .isFalse();
    assertThat(lists(alice)).isEmpty();

    assertThat(ports.modelLists().save(everybodys, service.endpoint(), none(), listed, NOW))
        .isTrue();
    assertThat(lists(alice)).extracting(FetchedModelList::models).containsExactly(listed);
  }

  private void replaceKey(Instant at) {
    UserKey key = new UserKey(service.id(), bob.id(), at);
    assertThat(ports.userKeys().save(key, sealed(service, "sk-of-bob-2"))).isFalse();
  }

  @Test
  void without_the_key_or_the_service_nothing_is_stored() {
    assertThat(isSaved(bobs, NOW, "b")).isFalse();
    assertThat(lists(bob)).isEmpty();

    save(everybodys, NOW, "a");
    ports.instances().delete(service.id());
    assertThat(isSaved(everybodys, NOW, "a")).isFalse();
    assertThat(lists(alice)).isEmpty();
  }

  @Test
  void a_provider_is_asked_again_only_after_a_while() {
    assertThat(claim(everybodys)).containsExactly(everybodys);
    assertThat(claim(everybodys)).isEmpty();
    assertThat(claim(everybodys, Duration.ZERO)).containsExactly(everybodys);
    assertThat(lists(alice)).isEmpty();
  }

  @Test
  void a_claim_keeps_the_list() {
    save(everybodys, EARLIER, "a");

    assertThat(claim(everybodys, Duration.ZERO)).containsExactly(everybodys);
    assertThat(lists(alice)).extracting(FetchedModelList::at).containsExactly(EARLIER);
  }

  @Test
  void the_first_that_may_be_requested_are_due_and_those_without_a_key_never() {
    List<ListOf> many =
        IntStream.range(0, 6)
            .mapToObj(n -> stored(AnInstance.of(alice, "s" + n).build()))
            .map(each -> new ListOf(each.id(), Optional.empty()))
            .toList();
    assertThat(claim(many.get(1))).hasSize(1);

    assertThat(ports.modelLists().due(many, APART, 3))
        .containsExactly(many.get(0), many.get(2), many.get(3));
    assertThat(claim(bobs)).isEmpty();
  }

  @Test
  void a_full_list_is_stored() {
    ModelList full =
        ModelList.of(IntStream.range(0, 10_000).mapToObj(n -> "m".repeat(250) + n).toList());
    assertThat(ports.modelLists().save(everybodys, service.endpoint(), none(), full, NOW)).isTrue();

    assertThat(lists(alice)).extracting(FetchedModelList::models).containsExactly(full);
  }

  @Test
  void very_large_lists_take_no_more_than_their_share() {
    Instance own = stored(AnInstance.of(alice, "own").build());
    Instance ofSystem = stored(AnInstance.systemLevel("of-system").build());
    List<Instance> ofBob =
        IntStream.range(0, 40).mapToObj(n -> stored(AnInstance.of(bob, "s" + n).build())).toList();
    Instance ofCarol = stored(AnInstance.of(user("carol"), "small").build());
    save(own, 300, 256);
    save(ofSystem, 5_000, 256);
    List<Boolean> unused = ofBob.stream().map(each -> isSaved(each, 2_000, 256)).toList();
    save(ofCarol, 400, 40);
    List<Instance> all = new ArrayList<>(ofBob);
    all.addAll(List.of(ofCarol, ofSystem, own));

    List<FetchedModelList> lists =
        ports.modelLists().lists(alice.id(), all.stream().map(Instance::id).toList());

    assertThat(lists).extracting(list -> list.of().service()).contains(own.id(), ofSystem.id());
    assertThat(lists).extracting(list -> list.of().service()).contains(ofCarol.id()).hasSize(6);
    assertThat(lists.stream().mapToLong(list -> list.models().weight()).sum())
        .isLessThanOrEqualTo(ModelListStore.MOST_WEIGHT);
    assertThat(ports.modelLists().lists(bob.id(), all.stream().map(Instance::id).toList()))
        .filteredOn(list -> ofBob.stream().anyMatch(of -> of.id().equals(list.of().service())))
        .hasSize(6);
  }

  @Test
  void the_stored_lists_of_an_owner_are_bounded() {
    List<Instance> ofBob =
        IntStream.range(0, 7).mapToObj(n -> stored(AnInstance.of(bob, "s" + n).build())).toList();
    Instance ofSystem = stored(AnInstance.systemLevel("of-system").build());
    assertThat(ofBob.subList(0, 6))
        .extracting(each -> isSaved(each, 10_000, 256))
        .containsExactly(true, true, true, true, true, false);
    save(ofBob.get(6), 1, 256);
    save(service, 10_000, 256);
    save(ofSystem, 10_000, 256);

    assertThat(ofBob)
        .extracting(this::size)
        .containsExactly(10_000, 10_000, 10_000, 10_000, 10_000, 0, 1);
    assertThat(size(service)).isEqualTo(10_000);
    assertThat(size(ofSystem)).isEqualTo(10_000);

    save(ofBob.get(0), 20, 256);
    save(ofBob.get(5), 10_000, 256);
    assertThat(isSaved(ofBob.get(6), 10_000, 256)).isFalse();
    assertThat(ofBob)
        .extracting(this::size)
        .containsExactly(20, 10_000, 10_000, 10_000, 10_000, 10_000, 1);
  }

  @Test
  void the_lists_of_an_owner_who_has_too_many_are_replaced_by_lists_that_are_not_larger() {
    Instance small = stored(AnInstance.of(bob, "small").build());
    save(small, 20, 256);
    for (int n = 0; n < 5; n++) {
      save(stored(AnInstance.of(bob, "s" + n).build()), 10_000, 256);
    }
    save(service, 10_000, 256);
    transferToBob(service);

    save(small, 20, 256);
    save(small, 10, 256);
    assertThat(isSaved(small, 11, 256)).isFalse();
    assertThat(size(small)).isEqualTo(10);

    save(service, 30, 256);
    save(small, 20, 256);
    assertThat(size(small)).isEqualTo(20);
    assertThat(size(service)).isEqualTo(30);
  }

  @Test
  void former_references_end_only_for_the_present_owner() {
    Instance given = stored(AnInstance.of(alice, "given").build());
    transferToBob(given);
    UUID id = given.id().value();

    assertThatExceptionOfType(ConcurrencyConflict.class)
        .isThrownBy(() -> ports.movedReferences().end(TransferItem.Kind.SERVICE, id, alice.id()));
    assertThat(ports.movedReferences().end(TransferItem.Kind.SERVICE, id, bob.id())).isEqualTo(1);
    assertThat(ports.movedReferences().end(TransferItem.Kind.SERVICE, id, bob.id())).isZero();
    assertThatExceptionOfType(ConcurrencyConflict.class)
        .isThrownBy(() -> ports.movedReferences().end(TransferItem.Kind.PROJECT, id, bob.id()));
  }

  private void transferToBob(Instance given) {
    TransferItem item =
        new TransferItem(
            TransferItem.Kind.SERVICE,
            Optional.of(given.id().value()),
            given.ref().handle(),
            Optional.of(given.ref().handle()));
    Transfer transfer =
        Transfer.offered(
            new Transfer.Id(ports.ids().next()),
            new Transfer.Party(alice.id(), alice.handle()),
            new Transfer.Party(bob.id(), bob.handle()),
            alice.handle(),
            List.of(item),
            NOW);
    assertThat(ports.ownerChanges().move(transfer, item, NOW, NOW.plusSeconds(60))).isZero();
  }

  @Test
  void the_stored_lists_of_a_users_own_keys_are_bounded() {
    List<Instance> ofAlice =
        IntStream.range(0, 6).mapToObj(n -> stored(AnInstance.of(alice, "k" + n).build())).toList();
    List<Boolean> stored =
        ofAlice.stream()
            .map(
                each -> {
                  SealedValue unused = userKey(each, bob);
                  return isSaved(new ListOf(each.id(), Optional.of(bob.id())), each, 10_000, 256);
                })
            .toList();

    assertThat(stored).containsExactly(true, true, true, true, true, false);
    assertThat(ofAlice)
        .extracting(this::size)
        .containsExactly(10_000, 10_000, 10_000, 10_000, 10_000, 0);
  }

  /** The number of models that are listed for bob. */
  private int size(Instance of) {
    return ports.modelLists().lists(bob.id(), List.of(of.id())).stream()
        .mapToInt(list -> list.models().size())
        .sum();
  }

  private void save(Instance of, int models, int length) {
    assertThat(isSaved(of, models, length)).isTrue();
  }

  private boolean isSaved(Instance of, int models, int length) {
    return isSaved(new ListOf(of.id(), none()), of, models, length);
  }

  private boolean isSaved(ListOf listed, Instance of, int models, int length) {
    List<String> ids =
        IntStream.range(0, models)
            .mapToObj(n -> "m".repeat(length - 5) + "%05d".formatted(n))
            .toList();
    Optional<Instant> keySetAt = listed.user().map(user -> NOW);
    return ports.modelLists().save(listed, of.endpoint(), keySetAt, ModelList.of(ids), NOW);
  }

  private void save(ListOf of, Instant at, String... models) {
    assertThat(isSaved(of, at, models)).isTrue();
  }

  private boolean isSaved(ListOf of, Instant at, String... models) {
    Optional<Instant> keySetAt = of.user().map(user -> NOW);
    return ports
        .modelLists()
        .save(of, service.endpoint(), keySetAt, ModelList.of(List.of(models)), at);
  }

  private List<ListOf> claim(ListOf of) {
    return claim(of, APART);
  }

  private List<ListOf> claim(ListOf of, Duration apart) {
    List<ListOf> due = ports.modelLists().due(List.of(of), apart, 4);
    assertThat(ports.modelLists().claim(of, apart)).isEqualTo(!due.isEmpty());
    return due;
  }

  private List<FetchedModelList> lists(User user) {
    return ports.modelLists().lists(user.id(), List.of(service.id()));
  }
}
