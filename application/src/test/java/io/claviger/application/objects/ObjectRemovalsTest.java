package io.claviger.application.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.claviger.application.StoredKeys;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryStoredObjects;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderRequests;
import io.claviger.application.objects.port.ObjectLists.ProviderList;
import io.claviger.application.objects.port.ObjectRemovalStore;
import io.claviger.application.objects.port.ObjectRemovalStore.Places;
import io.claviger.application.objects.port.ObjectRemovalStore.Removal;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObjectList;
import io.claviger.domain.formats.ObjectRemoval;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.EndReason;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectName;
import io.claviger.domain.objects.ObjectState;
import io.claviger.domain.policy.KeyPolicy;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The requests with which Claviger deletes objects at providers, and how it interprets the answers.
 */
class ObjectRemovalsTest {
  private final Wiring w = new Wiring();
  private final StoredKeys keys = new StoredKeys(w);
  private final User alice = w.user("alice");
  private final Instance service = keys.withKey(AnInstance.of(alice, "s"), Wiring.CANARY);
  private final Instance other = keys.withKey(AnInstance.of(alice, "o"), Wiring.CANARY);
  private final InMemoryStoredObjects objects = w.claviger.storedObjects();
  private final ScriptedProvider provider = new ScriptedProvider();
  private final ObjectRemovals removals =
      new ObjectRemovals(objects, w.serviceCalls, provider, this::parts, w.changes);
  private final List<String> items = new ArrayList<>();
  private boolean areItemsListed = true;
  private long places;

  /** The items of each conversation that the provider has not been asked to delete. */
  private Optional<ProviderList> parts(
      AuthorizedCall call, ObjectList list, int most, Duration atMost) {
    assertThat(list.path()).isEqualTo("conversations/conv_1/items");
    List<String> left =
        items.stream()
            .filter(item -> !provider.asked.contains("DELETE " + list.path() + "/" + item))
            .toList();
    boolean isWhole = left.size() < most;
    return areItemsListed
        ? Optional.of(new ProviderList(isWhole ? left : left.subList(0, most), isWhole))
        : Optional.empty();
  }

  /** Answers requests by their method and path. Requests that no test has named get a 404. */
  private static final class ScriptedProvider implements ProviderRequests {
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<AuthorizedCall> calls = new ArrayList<>();
    private final Map<String, Integer> answers = new HashMap<>();
    private int otherwise = 404;

    @Override
    public CompletableFuture<Integer> send(
        AuthorizedCall call, ObjectRemoval.Request request, Duration limit) {
      String line = request.method() + " " + request.path();
      asked.add(line);
      calls.add(call);
      assertThat(key(call)).isEqualTo(Wiring.CANARY);
      return CompletableFuture.completedFuture(answers.getOrDefault(line, otherwise));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FILES, file-1, DELETE files/file-1",
    "FILES, upload_1, POST uploads/upload_1/cancel",
    "BATCHES, batch_1, POST batches/batch_1/cancel",
    "RESPONSES, chatcmpl-1, DELETE chat/completions/chatcmpl-1",
    "VECTOR_STORES, vs_1, DELETE vector_stores/vs_1"
  })
  void one_request_deletes_or_stops_it(ObjectKind kind, String id, String request) {
    provider.answers.put(request, 200);

    assertThat(outcome(kind, id)).isEqualTo(ObjectState.DELETED);
    assertThat(provider.asked).containsExactly(request);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404})
  void a_response_is_deleted_whether_or_not_it_could_be_cancelled(int cancelled) {
    provider.answers.put("POST responses/resp_1/cancel", cancelled);
    provider.answers.put("DELETE responses/resp_1", 200);

    assertThat(outcome(ObjectKind.RESPONSES, "resp_1")).isEqualTo(ObjectState.DELETED);
    assertThat(provider.asked)
        .containsExactly("POST responses/resp_1/cancel", "DELETE responses/resp_1");
    assertThat(events()).isEmpty();
  }

  /** The objects are in the account of the service's key, and Claviger is no caller. */
  @ParameterizedTest
  @CsvSource({"true, true, 1", "true, false, 1", "false, false, 0"})
  void the_services_key_deletes_even_if_callers_need_their_own(
      boolean central, boolean fallback, int requests) {
    Instance ownKeys =
        keys.withKey(
            AnInstance.of(alice, "own").keyPolicy(new KeyPolicy(central, true, fallback)),
            Wiring.CANARY);
    provider.otherwise = 200;
    end(ownKeys, ObjectKind.FILES, "file-1", false);

    run();

    assertThat(provider.asked).hasSize(requests);
  }

  @Test
  void what_no_collection_has_is_gone() {
    assertThat(outcome(ObjectKind.FILES, "file-1")).isEqualTo(ObjectState.DELETED);
    assertThat(provider.asked).containsExactly("DELETE files/file-1", "POST uploads/file-1/cancel");
    assertThat(events()).containsExactly("done [files, file-1, request]");
  }

  @ParameterizedTest
  @CsvSource({"CACHES, a", "FILES, a/../b", "FILES, a%2fb"})
  void what_the_api_can_not_remove_is_left_on_record(ObjectKind kind, String id) {
    assertThat(outcome(kind, id)).isEqualTo(ObjectState.LEFT);
    assertThat(provider.asked).isEmpty();
    assertThat(events()).containsExactly("failed [%s, %s, request]".formatted(kind.wireName(), id));
  }

  @Test
  void a_batch_that_has_ended_is_left() {
    provider.otherwise = 409;

    assertThat(outcome(ObjectKind.BATCHES, "batch_1")).isEqualTo(ObjectState.LEFT);
  }

  @Test
  void a_batch_that_is_not_charged_yet_is_stopped_and_not_deleted() {
    Instance claude =
        keys.withKey(AnInstance.of(alice, "claude").provider(Provider.ANTHROPIC), Wiring.CANARY);
    provider.otherwise = 200;
    end(claude, ObjectKind.BATCHES, "msgbatch_1", true);
    end(claude, ObjectKind.BATCHES, "msgbatch_2", false);

    run();

    assertThat(objects.settled()).containsOnlyKeys("msgbatch_2");
    assertThat(provider.asked)
        .contains("POST v1/messages/batches/msgbatch_1/cancel")
        .contains("DELETE v1/messages/batches/msgbatch_2")
        .doesNotContain("DELETE v1/messages/batches/msgbatch_1");
  }

  @Test
  void results_by_which_a_batch_is_charged_are_not_deleted_before_the_charge() {
    provider.otherwise = 200;
    end(service, ObjectKind.FILES, "file-1", true);
    end(service, ObjectKind.FILES, "file-2", false);

    run();

    assertThat(objects.settled()).containsOnlyKeys("file-2");
    assertThat(provider.asked).containsExactly("DELETE files/file-2");
  }

  /** OpenAI keeps the items of a conversation that it deletes. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100, 250})
  void the_items_of_a_conversation_are_deleted_before_the_conversation(int count) {
    IntStream.range(0, count).forEach(i -> items.add("msg_" + i));
    provider.otherwise = 200;

    end(service, ObjectKind.CONVERSATIONS, "conv_1");
    for (int attempts = 0; attempts <= count / ObjectRemovals.PARTS_AT_ONCE; attempts++) {
      assertThat(objects.settled()).isEmpty();
      run();
    }

    assertThat(objects.settled()).containsEntry("conv_1", ObjectState.DELETED);
    List<String> expected =
        new ArrayList<>(
            items.stream().map(item -> "DELETE conversations/conv_1/items/" + item).toList());
    expected.add("DELETE conversations/conv_1");
    assertThat(provider.asked).containsExactlyElementsOf(expected);
    assertThat(events()).containsExactly("done [conversations, conv_1, request]");
  }

  @Test
  void a_conversation_whose_items_cannot_all_be_deleted_stays_and_is_tried_again() {
    items.addAll(List.of("msg_1", "msg_2"));
    provider.otherwise = 200;
    provider.answers.put("DELETE conversations/conv_1/items/msg_2", 400);

    end(service, ObjectKind.CONVERSATIONS, "conv_1");
    run();

    assertThat(objects.settled()).isEmpty();
    assertThat(provider.asked).doesNotContain("DELETE conversations/conv_1");
  }

  @ParameterizedTest
  @CsvSource({"404, true", "500, false", "200, false"})
  void a_conversation_whose_items_are_not_listed_is_deleted_only_if_it_is_gone(
      int status, boolean isGone) {
    areItemsListed = false;
    provider.otherwise = 404;
    provider.answers.put("GET conversations/conv_1/items", status);

    end(service, ObjectKind.CONVERSATIONS, "conv_1");
    run();

    assertThat(objects.settled().containsKey("conv_1")).isEqualTo(isGone);
    assertThat(provider.asked.contains("DELETE conversations/conv_1")).isEqualTo(isGone);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 302, 401, 403, 429, 500, 529})
  void a_provider_that_is_in_trouble_is_left_alone_and_others_are_not(int status) {
    provider.otherwise = status;
    for (int i = 0; i < 20; i++) {
      end(service, ObjectKind.FILES, "file-" + i);
    }
    run();
    assertThat(provider.asked).hasSize(ObjectRemovals.OF_A_SERVICE);

    provider.otherwise = 200;
    end(other, ObjectKind.FILES, "file-99");
    run();
    assertThat(objects.settled()).containsOnlyKeys("file-99");

    w.claviger.clock().advance(Duration.ofSeconds(61));
    run();
    assertThat(objects.settled()).hasSize(17);
  }

  @Test
  void a_pause_ends_if_the_clock_is_set_back() {
    provider.otherwise = 500;
    for (int i = 0; i < ObjectRemovals.OF_A_SERVICE + 2; i++) {
      end(service, ObjectKind.FILES, "file-" + i);
    }
    run();
    assertThat(objects.settled()).isEmpty();

    provider.otherwise = 200;
    w.claviger.clock().advance(Duration.ofDays(-1));
    run();

    assertThat(objects.settled()).hasSize(2);
  }

  @Test
  void one_object_that_can_not_be_deleted_does_not_stop_the_service() {
    provider.otherwise = 200;
    provider.answers.put("DELETE files/file-0", 400);
    for (int i = 0; i < 6; i++) {
      end(service, ObjectKind.FILES, "file-" + i);
    }

    run();

    assertThat(objects.settled()).hasSize(5).doesNotContainKey("file-0");
  }

  @Test
  void an_overdue_object_that_can_not_be_recorded_does_not_stop_the_others() {
    provider.otherwise = 200;
    List<Removal> overdue = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      overdue.add(removal(alice, service, ObjectKind.FILES, "overdue-" + i, false));
    }
    end(service, ObjectKind.FILES, "due");
    InvocationHandler failing =
        (proxy, method, arguments) -> {
          if (method.getName().equals("takeOverdue")) {
            return List.copyOf(overdue);
          }
          if (method.getName().equals("settle") && arguments[0].equals(overdue.getFirst())) {
            throw new StoreUnavailable(new IllegalStateException());
          }
          return method.invoke(objects, arguments);
        };
    ObjectRemovalStore store =
        (ObjectRemovalStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ObjectRemovalStore.class}, failing);
    ObjectRemovals some =
        new ObjectRemovals(store, w.serviceCalls, provider, this::parts, w.changes);

    assertThatExceptionOfType(StoreUnavailable.class).isThrownBy(some::removeDue);

    assertThat(objects.settled())
        .isEqualTo(
            Map.of(
                "overdue-1", ObjectState.LEFT,
                "overdue-2", ObjectState.LEFT,
                "due", ObjectState.DELETED));
  }

  @Test
  void a_service_that_is_gone_or_has_no_key_is_not_called() {
    Instance keyless = w.stored(AnInstance.of(alice, "keyless").build());
    Instance gone = AnInstance.of(alice, "gone").build();
    end(keyless, ObjectKind.FILES, "file-1");
    end(gone, ObjectKind.FILES, "file-2");

    run();

    assertThat(provider.asked).isEmpty();
    assertThat(objects.settled()).isEmpty();
  }

  /** Programs that run Claviger in process make no tokens. */
  @Test
  void what_this_node_can_not_delete_is_left_to_other_nodes() {
    Instance minting =
        keys.minting(AnInstance.of(alice, "minting"), CredentialKind.GOOGLE_SERVICE_ACCOUNT);
    Instance keyless = w.stored(AnInstance.of(alice, "keyless").build());
    end(minting, ObjectKind.FILES, "file-1");
    end(keyless, ObjectKind.FILES, "file-2");

    run();

    assertThat(removals.removeDue()).as("taken again during the pause").isZero();
    assertThat(objects.takeDue(new Places(10, 10, 10), List.of(), Set.of()))
        .extracting(each -> each.name().id())
        .containsExactlyInAnyOrder("file-1", "file-2");
  }

  @Test
  void a_service_that_waits_for_its_token_delays_no_other_service() {
    List<Runnable> exchanges = new ArrayList<>();
    w.claviger.exchangeOn(exchanges::add);
    provider.otherwise = 200;
    end(keys.minting(AnInstance.of(alice, "waiting")), ObjectKind.FILES, "file-1");
    end(service, ObjectKind.FILES, "file-2");

    int unused = removals.removeDue();

    assertThat(objects.settled()).containsOnlyKeys("file-2");
    assertThat(removals.removeDue()).as("deletions in progress").isOne();
    assertThat(exchanges).hasSize(1);
    exchanges.forEach(Runnable::run);
    run();
    assertThat(objects.settled()).containsOnlyKeys("file-2");
  }

  @Test
  void services_of_one_owner_take_only_a_part_of_the_places() {
    w.claviger.exchangeOn(exchange -> {});
    provider.otherwise = 200;
    for (int i = 0; i < ObjectRemovals.AT_ONCE + 1; i++) {
      end(keys.minting(AnInstance.of(alice, "waiting-" + i)), ObjectKind.FILES, "file-" + i);
    }
    assertThat(removals.removeDue()).isEqualTo(ObjectRemovals.OF_AN_OWNER);

    User bob = w.user("bob");
    Instance bobs = keys.withKey(AnInstance.of(bob, "s"), Wiring.CANARY);
    objects.end(removal(bob, bobs, ObjectKind.FILES, "file-of-bob", false));
    int unused = removals.removeDue();

    assertThat(objects.settled()).containsOnlyKeys("file-of-bob");
    assertThat(removals.removeDue()).isEqualTo(ObjectRemovals.OF_AN_OWNER);
  }

  /** The object is in the account of the former service, whose name another service has now. */
  @Test
  void a_service_with_the_same_name_deletes_nothing_of_another_service() {
    provider.otherwise = 200;
    objects.end(
        new Removal(
            1,
            new Instance.Id(new UUID(9, 9)),
            service.ref(),
            alice.id(),
            new ObjectName(ObjectKind.FILES, "file-1"),
            Optional.empty(),
            EndReason.REQUEST,
            false));

    int unused = removals.removeDue();

    assertThat(provider.asked).isEmpty();
    assertThat(objects.settled()).isEmpty();
    assertThat(objects.anyToDelete()).isTrue();
  }

  @Test
  void keys_are_closed_after_the_last_request() {
    provider.otherwise = 200;
    assertThat(outcome(ObjectKind.FILES, "file-1")).isEqualTo(ObjectState.DELETED);

    assertThat(provider.calls).isNotEmpty();
    for (AuthorizedCall call : provider.calls) {
      assertThatIllegalStateException().isThrownBy(() -> key(call));
    }
  }

  private static String key(AuthorizedCall call) {
    return call.key().orElseThrow().lend(bytes -> new String(bytes, UTF_8));
  }

  private ObjectState outcome(ObjectKind kind, String id) {
    end(service, kind, id);
    run();
    return Optional.ofNullable(objects.settled().get(id)).orElseThrow();
  }

  private void end(Instance of, ObjectKind kind, String id) {
    end(of, kind, id, false);
  }

  private void end(Instance of, ObjectKind kind, String id, boolean isUncharged) {
    objects.end(removal(alice, of, kind, id, isUncharged));
  }

  private Removal removal(
      User owner, Instance of, ObjectKind kind, String id, boolean isUncharged) {
    places++;
    return new Removal(
        places,
        of.id(),
        of.ref(),
        owner.id(),
        new ObjectName(kind, id),
        Optional.empty(),
        EndReason.REQUEST,
        isUncharged);
  }

  /** Runs until nothing is due. */
  private void run() {
    for (int turns = 0; removals.removeDue() > 0; turns++) {
      assertThat(turns).isLessThan(50);
    }
  }

  private List<String> events() {
    return w.events().stream()
        .filter(event -> event.action() == AuditAction.OBJECT_DELETE)
        .filter(event -> event.address().equals(AuditEvent.UPKEEP))
        .map(event -> event.outcome().wireName() + " " + event.fields())
        .toList();
  }
}
