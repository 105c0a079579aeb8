package io.claviger.domain.objects;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.objects.ObjectRefusal.Reason;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedObjectsTest {
  private static final ObjectCaller CALLER =
      new ObjectCaller(
          new UUID(1, 1),
          ObjectHolder.user(new UUID(1, 1)),
          false,
          false,
          new UUID(1, 1),
          Optional.empty(),
          new UUID(1, 2),
          false,
          1);

  private static final ObjectReference FILE = new ObjectReference(ObjectKind.FILES, "f", "file_id");
  private static final ObjectReference PREVIOUS =
      new ObjectReference(ObjectKind.RESPONSES, "r", RequestedObjects.PREVIOUS_RESPONSE);
  private static final ObjectReference ITEM =
      new ObjectReference(ObjectKind.RESPONSES, "i", RequestedObjects.ITEM);

  @ParameterizedTest
  @EnumSource
  void a_reference_needs_its_kind_to_be_lent(ObjectKind kind) {
    ObjectReference one = new ObjectReference(kind, "x", "place");
    RequestedObjects objects = of(List.of(one), Set.of(), false);

    assertThat(reason(objects, Isolation.STORING_NOTHING)).contains(Reason.NOT_FOUND);
    if (kind.isLendable()) {
      Isolation lent = new Isolation(Set.of(kind));
      assertThat(reason(objects, lent)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_kind_that_is_not_lent_can_be_named_only_by_a_known_caller_to_whom_it_can_be_shared(
      ObjectKind kind) {
    RequestedObjects objects = withModel(new ObjectReference(kind, "x", "place"));
    assertThat(reason(objects, sharing(Optional.of(CALLER))).isEmpty())
        .isEqualTo(SharedObject.isShareable(kind));
    assertThat(reason(objects, sharing(Optional.empty()))).contains(Reason.NOT_FOUND);
    assertThat(reason(objects, sharing(Optional.of(CALLER)).storingNothing()))
        .contains(Reason.NOT_FOUND);
    assertThat(reason(of(List.of(), Set.of(kind), false), sharing(Optional.of(CALLER))))
        .contains(Reason.NOT_LENT);
  }

  @ParameterizedTest
  @EnumSource
  void tools_of_lent_containers_make_files(ObjectKind kind) {
    Isolation containers = new Isolation(Set.of(ObjectKind.CONTAINERS));

    assertThat(containers.own(kind))
        .isEqualTo(
            switch (kind) {
              case CONTAINERS -> Isolation.OwnObjects.ALL;
              case FILES -> Isolation.OwnObjects.HELD;
              default -> Isolation.OwnObjects.NONE;
            });
    assertThat(Isolation.STORING_NOTHING.own(kind)).isEqualTo(Isolation.OwnObjects.NONE);
    assertThat(containers.mayName(ObjectKind.FILES)).isFalse(); // nobody is known to hold them
  }

  private static Isolation sharing(Optional<ObjectCaller> caller) {
    return new Isolation(
        Set.of(),
        SharedObject.SHAREABLE,
        false,
        caller,
        ObjectQuota.DEFAULT,
        Set.of(),
        false,
        true,
        false);
  }

  @ParameterizedTest
  @EnumSource
  void what_a_tool_makes_needs_its_kind_to_be_lent(ObjectKind kind) {
    RequestedObjects objects = of(List.of(), Set.of(kind), false);

    assertThat(reason(objects, Isolation.STORING_NOTHING)).contains(Reason.NOT_LENT);
    if (kind.isLendable()) {
      assertThat(reason(objects, new Isolation(Set.of(kind)))).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_request_fills_the_container_that_it_names_or_has_made(ObjectKind kind) {
    ObjectReference one = new ObjectReference(kind, "x", "place");
    boolean expected = kind == ObjectKind.CONTAINERS;
    boolean mayBringOne = kind == ObjectKind.PROMPTS;

    assertThat(of(List.of(FILE), Set.of(kind), false).fillsContainer()).isEqualTo(expected);
    assertThat(of(List.of(FILE, one), Set.of(), false).fillsContainer())
        .isEqualTo(expected || mayBringOne);
  }

  @Test
  void a_prompt_needs_a_model_in_the_request() {
    ObjectReference prompt = new ObjectReference(ObjectKind.PROMPTS, "x", "id");
    Isolation sharing = sharing(Optional.of(CALLER));

    assertThat(reason(of(List.of(FILE, prompt), Set.of(), false), sharing))
        .contains(Reason.MODEL_MISSING);
    assertThat(reason(withModel(prompt), sharing)).isEmpty();
    assertThat(reason(of(List.of(prompt), Set.of(), false), Isolation.STORING_NOTHING))
        .contains(Reason.NOT_FOUND);
    assertThat(reason(of(List.of(FILE), Set.of(), false), sharing)).isEmpty();
  }

  private static RequestedObjects withModel(ObjectReference reference) {
    return new RequestedObjects(
        List.of(reference),
        List.of(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        true,
        false);
  }

  @Test
  void each_place_has_its_reason() {
    assertThat(reason(of(List.of(PREVIOUS), Set.of(), false), Isolation.STORING_NOTHING))
        .contains(Reason.PREVIOUS_RESPONSE);
    assertThat(reason(of(List.of(ITEM), Set.of(), false), Isolation.STORING_NOTHING))
        .contains(Reason.ITEM);
    assertThat(RequestedObjects.reason(ITEM, false)).isEqualTo(Reason.ITEM);
    assertThat(RequestedObjects.reason(ITEM, true)).isEqualTo(Reason.NOT_FOUND);
    assertThat(RequestedObjects.reason(PREVIOUS, true)).isEqualTo(Reason.PREVIOUS_RESPONSE);
    assertThat(
            reason(of(List.of(FILE), Set.of(ObjectKind.BATCHES), false), Isolation.STORING_NOTHING))
        .contains(Reason.NOT_FOUND);
  }

  @Test
  void what_is_unclear_or_too_much_is_refused_whatever_is_lent() {
    Isolation all =
        new Isolation(
            Set.of(
                ObjectKind.FILES,
                ObjectKind.RESPONSES,
                ObjectKind.CONTAINERS,
                ObjectKind.CONVERSATIONS));
    List<ObjectReference> most = Collections.nCopies(RequestedObjects.MOST, FILE);
    List<ObjectReference> more = Collections.nCopies(RequestedObjects.MOST + 1, FILE);

    assertThat(reason(of(List.of(), Set.of(), true), all)).contains(Reason.UNCLEAR);
    assertThat(reason(of(most, Set.of(), false), all)).isEmpty();
    assertThat(reason(of(more, Set.of(), false), all)).contains(Reason.TOO_MANY);
    assertThat(reason(new RequestedObjects(List.of(), most, Set.of(), Optional.empty()), all))
        .isEmpty();
    assertThat(reason(new RequestedObjects(List.of(), more, Set.of(), Optional.empty()), all))
        .contains(Reason.TOO_MANY);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_tool_that_nobody_knows_is_refused_where_tools_are_known(boolean knownToolsOnly) {
    Isolation isolation = isolation(Set.of(ObjectKind.FILES), knownToolsOnly, false);
    RequestedObjects objects = withTool(Optional.of("x"), false);

    assertThat(objects.namesNothing()).isTrue();
    assertThat(objects.refusal(isolation.storingNothing())).isEqualTo(objects.refusal(isolation));
    assertThat(objects.refusal(isolation))
        .isEqualTo(
            Optional.of(
                    new ObjectRefusal(
                        Reason.UNKNOWN_TOOL,
                        new ObjectReference(ObjectKind.OTHER, "x", "tools[].type")))
                .filter(refusal -> knownToolsOnly));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_tool_of_a_router_that_nobody_knows_is_refused_everywhere(boolean knownToolsOnly) {
    RequestedObjects objects = withTool(Optional.of("router:files"), false);

    assertThat(objects.hasUnknownTool(knownToolsOnly)).isTrue();
    assertThat(RequestedObjects.NONE.hasUnknownTool(knownToolsOnly)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
  void images_need_lent_files_where_the_provider_stores_them(
      boolean imagesAreFiles, boolean makesImages, boolean areFiles) {
    RequestedObjects objects = withTool(Optional.empty(), makesImages);
    Isolation nothing = isolation(Set.of(), true, imagesAreFiles);
    Isolation containers = isolation(Set.of(ObjectKind.CONTAINERS), true, imagesAreFiles);

    for (Isolation isolation : List.of(nothing, containers, nothing.storingNothing())) {
      assertThat(objects.makesFiles(isolation)).isEqualTo(areFiles);
      assertThat(objects.refusal(isolation))
          .isEqualTo(
              Optional.of(
                      new ObjectRefusal(
                          Reason.NOT_LENT, new ObjectReference(ObjectKind.FILES, "", "")))
                  .filter(refusal -> areFiles));
    }
    assertThat(reason(objects, isolation(Set.of(ObjectKind.FILES), true, imagesAreFiles)))
        .isEmpty();
  }

  private static RequestedObjects withTool(Optional<String> unknownTool, boolean makesImages) {
    return new RequestedObjects(
        List.of(), List.of(), Set.of(), Optional.empty(), unknownTool, false, false, makesImages);
  }

  private static Isolation isolation(
      Set<ObjectKind> storage, boolean knownToolsOnly, boolean imagesAreFiles) {
    return new Isolation(
        storage,
        Set.of(),
        false,
        Optional.empty(),
        ObjectQuota.DEFAULT,
        Set.of(),
        false,
        knownToolsOnly,
        imagesAreFiles);
  }

  @Test
  void a_request_names_something_if_it_refers_to_an_object_or_makes_one() {
    assertThat(RequestedObjects.NONE.namesNothing()).isTrue();
    for (RequestedObjects something :
        List.of(
            of(List.of(FILE), Set.of(), false),
            new RequestedObjects(List.of(), List.of(ITEM), Set.of(), Optional.empty()),
            of(List.of(), Set.of(ObjectKind.FILES), false),
            of(List.of(), Set.of(), true))) {
      assertThat(something.namesNothing()).as("%s", something).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"router:tool, true", ":tool, true", "tool:, true", "tool, false"})
  void a_tool_with_a_colon_is_of_a_router(String type, boolean ofRouter) {
    assertThat(RequestedObjects.isOfRouter(type)).isEqualTo(ofRouter);
  }

  @Test
  void items_may_keep_their_ids_only_where_responses_are_lent() {
    RequestedObjects objects =
        new RequestedObjects(List.of(FILE), List.of(ITEM), Set.of(), Optional.empty());

    assertThat(objects.keepableItems(new Isolation(Set.of(ObjectKind.FILES)))).isEmpty();
    assertThat(objects.keepableItems(new Isolation(Set.of(ObjectKind.FILES, ObjectKind.RESPONSES))))
        .containsExactly(ITEM);
  }

  private static RequestedObjects of(
      List<ObjectReference> references, Set<ObjectKind> made, boolean unclear) {
    return new RequestedObjects(
        references,
        List.of(),
        made,
        unclear ? Optional.of(RequestedObjects.UNNAMED) : Optional.empty());
  }

  private static Optional<Reason> reason(RequestedObjects objects, Isolation isolation) {
    return objects.refusal(isolation).map(ObjectRefusal::reason);
  }
}
