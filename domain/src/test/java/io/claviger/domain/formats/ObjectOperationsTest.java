package io.claviger.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.formats.ObjectOperation.Effect;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.standards.WireFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObjectOperationsTest {
  private static final ObjectOperations OPENAI = WireFormat.OPENAI.api().storage();

  @ParameterizedTest
  @EnumSource
  void each_row_is_found_by_its_own_path_and_no_row_hides_another(WireFormat format) {
    ObjectOperations table = format.api().storage();
    for (ObjectOperation row : table.all()) {
      String path = row.operation().pathAnywhere().replaceAll("\\{([a-z]+)}", "$1_1");
      assertThat(table.find(row.operation().method(), path)).contains(row);
    }
  }

  @ParameterizedTest
  @EnumSource
  void only_what_makes_or_lists_objects_names_none(WireFormat format) {
    for (ObjectOperation row : format.api().storage().all()) {
      boolean beginsAnew =
          row.creates() || row.effect() == Effect.LIST || row.effect() == Effect.LEAVE;
      assertThat(row.namesObject()).as(row.operation().value()).isNotEqualTo(beginsAnew);
    }
  }

  @ParameterizedTest
  @EnumSource
  void what_makes_or_shows_an_object_states_its_id(WireFormat format) {
    for (ObjectOperation row : format.api().storage().all()) {
      assertThat(row.answered().stream().anyMatch(each -> each.role() == AnsweredId.Role.SELF))
          .as(row.operation().value())
          .isEqualTo(row.statesSelf());
    }
  }

  @ParameterizedTest
  @EnumSource
  void every_kind_can_be_made_and_deleted(WireFormat format) {
    ObjectOperations table = format.api().storage();
    for (ObjectKind kind : table.kinds()) {
      assertThat(kind.isLendable()).isTrue();
      List<ObjectOperation> rows =
          table.all().stream().filter(each -> each.kind() == kind).toList();
      assertThat(rows)
          .anyMatch(
              each ->
                  each.creates() && rows.stream().anyMatch(row -> row.effect() == Effect.DELETE)
                      || each.effect() == Effect.LEAVE
                      // OpenAI's batches can be cancelled, and nobody can delete them.
                      || each.makesBatch());
    }
  }

  @Test
  void ids_are_taken_from_the_path_as_they_are() {
    ObjectOperation read = OPENAI.find("GET", "files/file-aB1").orElseThrow();
    assertThat(read.idsIn("files/file-aB1")).contains(List.of("file-aB1"));
    assertThat(read.idsIn("files/file-%61B1")).isEmpty();
    ObjectOperation item = OPENAI.find("GET", "conversations/conv_1/items/msg_2").orElseThrow();
    assertThat(item.idsIn("conversations/conv_1/items/msg_2"))
        .isEqualTo(Optional.of(List.of("conv_1", "msg_2")));
    assertThat(OPENAI.find("GET", "files/")).isEmpty();
    assertThat(OPENAI.find("PATCH", "files/file-1")).isEmpty();
    assertThat(OPENAI.find("GET", "FILES/file-1")).isEmpty();
  }
}
