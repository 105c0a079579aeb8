package io.claviger.gateway.strangers;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.domain.formats.AnthropicApi;
import io.claviger.domain.formats.ObjectMembers;
import io.claviger.domain.formats.ObjectPlace;
import io.claviger.domain.formats.ObjectPlaces;
import io.claviger.domain.formats.OpenAiApi;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.objects.IdForm;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.TestHeldObjects;
import io.claviger.testkit.RecordCopy;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A gateway with a fault is found out by the requests of strangers. */
@Isolated("It changes what the formats of the whole JVM say.")
@Tag("thorough")
class PlantedHolesTest {
  private static final int MOST_REQUESTS = 20_000;
  private static final int REQUESTS_OF_A_CASE = 100;
  private static final long SEED = 20_261_123;

  /** The beginning of findings that say that the gateway failed, not that a hole was found. */
  private static final String FAILED = "answered ";

  @Test
  void calls_without_isolation_are_found() throws Exception {
    assertThat(finding(ForgottenIsolation::new)).isNotEmpty().doesNotStartWith(FAILED);
  }

  @ParameterizedTest
  @CsvSource({
    "OPENAI, previousresponseid",
    "OPENAI, fileid",
    "OPENAI, voice",
    "OPENAI, containerid",
    "ANTHROPIC, container",
    "GEMINI, cachedcontent",
    "COHERE, connectors"
  })
  void a_place_that_a_table_lacks_is_found(WireFormat format, String name) throws Exception {
    Map<Map<String, ObjectPlace>, ObjectPlace> removed = new IdentityHashMap<>();
    visit(format.api().objectPlaces().body().inside(), name, removed, seen());
    assertThat(removed).isNotEmpty();
    try {
      assertThat(finding(UnaryOperator.identity()).split("\n\n---", 2)[0])
          .contains(name, " names Thing");
    } finally {
      removed.forEach((listed, place) -> listed.put(name, place));
      visit(format.api().objectPlaces().body().inside(), "", new IdentityHashMap<>(), seen());
    }
  }

  @ParameterizedTest
  @CsvSource({"ANTHROPIC, anthropic, fileid", "GEMINI, gemini, cachedcontent"})
  void a_place_that_the_requests_of_a_batch_lack_is_found(
      WireFormat format, String called, String name) throws Exception {
    Map<Map<String, ObjectPlace>, ObjectPlace> removed = new IdentityHashMap<>();
    visit(format.api().objectPlaces().body().inside(), name, removed, seen());
    try {
      assertThat(findingWithStorage(called, (method, arguments) -> {})).contains(" names Thing");
    } finally {
      removed.forEach((listed, place) -> listed.put(name, place));
      visit(format.api().objectPlaces().body().inside(), "", new IdentityHashMap<>(), seen());
    }
  }

  private static Set<ObjectMembers> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** Removes a member from all tables that can be reached from these members. */
  private static void visit(
      ObjectMembers members,
      String name,
      Map<Map<String, ObjectPlace>, ObjectPlace> removed,
      Set<ObjectMembers> seen)
      throws ReflectiveOperationException {
    if (!seen.add(members)) {
      return;
    }
    @SuppressWarnings("unchecked") // as the class declares it
    Map<String, ObjectPlace> listed =
        (Map<String, ObjectPlace>) field(members, "listed").get(members);
    field(members, "found").set(members, null);
    for (ObjectPlace place : new HashMap<>(listed).values()) {
      visit(place.inside(), name, removed, seen);
    }
    visit((ObjectMembers) field(members, "everywhere").get(members), name, removed, seen);
    if (listed.containsKey(name)) {
      removed.put(listed, listed.remove(name));
    }
  }

  @Test
  void a_form_of_ids_that_is_not_recognized_is_found() throws Exception {
    assertThat(with(OpenAiWithout::new, places -> RecordCopy.with(places, "form", IdForm.NONE)))
        .contains("names Thing");
  }

  @Test
  void a_body_that_passes_unread_is_found() throws Exception {
    assertThat(
            with(
                AnthropicWithout::new,
                places -> RecordCopy.with(places, "without", Set.of("messages"))))
        .contains("POST v1/messages ");
  }

  @ParameterizedTest
  @CsvSource({"openai", "anthropic", "gemini"})
  void a_list_that_is_not_filtered_is_found(String format) throws Exception {
    AtomicReference<ObjectHolder> first = new AtomicReference<>();
    assertThat(
            findingWithStorage(
                format,
                (method, arguments) -> {
                  if (method.equals("record")) {
                    first.compareAndSet(
                        null, ((ObjectLedger.NewObject) arguments[0]).caller().holder());
                  }
                  if (method.equals("list") && first.get() != null) {
                    arguments[0] =
                        RecordCopy.with((ObjectLedger.Wanted) arguments[0], "holder", first.get());
                  }
                }))
        .isNotEmpty()
        .doesNotStartWith(FAILED);
  }

  /** The first finding on services that lend storage, with a ledger that is asked otherwise. */
  private static String findingWithStorage(String format, BiConsumer<String, Object[]> change)
      throws Exception {
    HeldObjects ledger = new TestHeldObjects();
    HeldObjects changed =
        (HeldObjects)
            Proxy.newProxyInstance(
                HeldObjects.class.getClassLoader(),
                new Class<?>[] {HeldObjects.class},
                (proxy, method, arguments) -> {
                  change.accept(method.getName(), arguments);
                  return method.invoke(ledger, arguments);
                });
    AtomicReference<String> first = new AtomicReference<>("");
    try (Neighbourhood all =
        Neighbourhood.storing(
            1, finding -> first.compareAndSet("", finding.getMessage()), changed)) {
      SplittableRandom random = new SplittableRandom(SEED);
      for (int sent = 0; sent < MOST_REQUESTS && first.get().isEmpty(); ) {
        sent += all.playStoring(random.split(), format, REQUESTS_OF_A_CASE);
      }
    } catch (AssertionError lacking) {
      return String.valueOf(lacking.getMessage());
    }
    return first.get();
  }

  /** The first finding while the places of a format are changed. */
  private static String with(UnaryPlaces api, UnaryOperator<ObjectPlaces> change) throws Exception {
    ProviderApi changed = api.of(change);
    WireFormat format = changed instanceof OpenAiApi ? WireFormat.OPENAI : WireFormat.ANTHROPIC;
    ProviderApi usual = format.api();
    field(format, "api").set(format, changed);
    try {
      return finding(UnaryOperator.identity());
    } finally {
      field(format, "api").set(format, usual);
    }
  }

  /** Makes the API of a format whose places are changed. */
  private interface UnaryPlaces {
    ProviderApi of(UnaryOperator<ObjectPlaces> change);
  }

  private static final class OpenAiWithout extends OpenAiApi {
    private final ObjectPlaces changed;

    OpenAiWithout(UnaryOperator<ObjectPlaces> change) {
      changed = change.apply(super.objectPlaces());
    }

    @Override
    public ObjectPlaces objectPlaces() {
      return changed;
    }
  }

  private static final class AnthropicWithout extends AnthropicApi {
    private final ObjectPlaces changed;

    AnthropicWithout(UnaryOperator<ObjectPlaces> change) {
      changed = change.apply(super.objectPlaces());
    }

    @Override
    public ObjectPlaces objectPlaces() {
      return changed;
    }
  }

  private static Field field(Object object, String name) throws NoSuchFieldException {
    Class<?> type = object instanceof WireFormat ? WireFormat.class : object.getClass();
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  /** The first finding on a gateway whose authorization is changed; empty if there is none. */
  private static String finding(UnaryOperator<CallAuthorization> planted) throws Exception {
    AtomicReference<String> first = new AtomicReference<>("");
    try (Neighbourhood all =
        new Neighbourhood(1, finding -> first.compareAndSet("", finding.getMessage()), planted)) {
      SplittableRandom random = new SplittableRandom(SEED);
      for (int sent = 0; sent < MOST_REQUESTS && first.get().isEmpty(); ) {
        sent += all.play(random.split(), REQUESTS_OF_A_CASE);
      }
    }
    return first.get();
  }

  /** Takes the isolation from every call. */
  private record ForgottenIsolation(CallAuthorization inner) implements CallAuthorization {
    @Override
    public Optional<AuthorizationOutcome> countFurther(CallRequest call, int more) {
      return inner.countFurther(call, more);
    }

    @Override
    public Optional<AuthorizationOutcome> authorizeAtOnce(CallRequest call) {
      return inner.authorizeAtOnce(call).map(ForgottenIsolation::without);
    }

    @Override
    public AuthorizationOutcome authorize(CallRequest call) {
      return without(inner.authorize(call));
    }

    private static AuthorizationOutcome without(AuthorizationOutcome outcome) {
      if (!(outcome instanceof AuthorizationOutcome.Authorized authorized)) {
        return outcome;
      }
      AuthorizedCall call = authorized.call();
      return new AuthorizationOutcome.Authorized(
          RecordCopy.with(
              RecordCopy.with(call, "isolation", Optional.empty()),
              "secrets",
              RecordCopy.with(call.secrets(), "names", Optional.empty())));
    }

    @Override
    public boolean presentsBadTokens(String address) {
      return inner.presentsBadTokens(address);
    }

    @Override
    public Optional<AuthorizedCall.AuthorizationBasis> basisAtOnce(CallRequest call) {
      return inner.basisAtOnce(call);
    }

    @Override
    public Optional<CallRefusal> lookAgain(
        CallRequest call, AuthorizedCall.AuthorizationBasis basis) {
      return inner.lookAgain(call, basis);
    }
  }
}
