package io.claviger.persistence.objects;

import io.claviger.application.objects.port.ObjectLedger.ReadFile;
import io.claviger.domain.batches.BatchRefusal;
import io.claviger.domain.batches.BatchTools;
import io.claviger.domain.batches.BatchVerdict;
import io.claviger.domain.batches.ModelUse;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.ModelQuantities;
import io.claviger.persistence.shared.Parameters;
import io.claviger.persistence.shared.PrimaryAnswers;
import io.claviger.persistence.shared.Row;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes and reads table {@code batch_files}. */
final class BatchFileRows {
  /** The name that stands for all tools of unknown types. */
  private static final String UNKNOWN = "*";

  private BatchFileRows() {}

  /**
   * Stores the result of reading a file. Does nothing if the file has no live row, or if the same
   * verdict is stored already.
   */
  static void keep(JdbcClient jdbc, ReadFile file) {
    BatchVerdict verdict = file.verdict();
    Database.update(
        jdbc.sql(
                """
                insert into batch_files (
                  object_row, requests, path, first_stored, fault, fault_line, models, quantities,
                  tools, uses)
                select o.id, :requests, :path, :first_stored, :fault, :fault_line, :models,
                  :quantities, :tools, :uses
                from provider_objects o
                where o.service_id = :service and o.kind = 'files' and o.object_id = :file
                  and o.state = 'live'
                on conflict on constraint batch_files_pkey do nothing
                """)
            .param("service", file.service().value())
            .param("file", file.file())
            .param("requests", verdict.requests())
            .param("path", verdict.path())
            .param(
                "first_stored",
                verdict.firstStored().isPresent() ? verdict.firstStored().getAsInt() : null)
            .param("fault", verdict.fault().map(why -> why.reason().name()).orElse(null))
            .param("fault_line", verdict.fault().map(BatchRefusal::line).orElse(null))
            .param("models", Parameters.texts(verdict.models(), ModelUse::model))
            .param("quantities", ModelQuantities.of(verdict.models(), BatchFileRows::quantities))
            .param("tools", Parameters.texts(verdict.models(), use -> text(use.tools())))
            .param(
                "uses",
                Parameters.texts(
                    verdict.models(), use -> ModelQuantities.text(use.tools().uses()))));
  }

  /** Returns the use of tools as a text, such as {@code web_search=3 *=5}. */
  private static String text(BatchTools tools) {
    Stream<String> known =
        tools.firstLines().entrySet().stream()
            .map(each -> each.getKey().wireName() + "=" + each.getValue());
    Stream<String> unknown =
        tools.firstUnknown() > 0 ? Stream.of(UNKNOWN + "=" + tools.firstUnknown()) : Stream.of();
    return Stream.concat(known, unknown).collect(Collectors.joining(" "));
  }

  private static BatchTools tools(String text, FeesUsed uses) {
    Map<FeeKind, Integer> known = new EnumMap<>(FeeKind.class);
    int unknown = 0;
    for (String each : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      int equals = each.indexOf('=');
      String tool = each.substring(0, equals);
      int line = Integer.parseInt(each.substring(equals + 1));
      if (tool.equals(UNKNOWN)) {
        unknown = line;
      } else {
        Integer unused = known.put(FeeKind.named(tool), line);
      }
    }
    return new BatchTools(known, unknown, uses);
  }

  private static long[] quantities(ModelUse of) {
    return new long[] {
      of.firstLine(),
      of.requests(),
      of.bytes(),
      of.reads(),
      of.elsewhere(),
      of.firstElsewhere(),
      of.answers(),
      of.output(),
      of.unstated(),
      of.firstUnstated(),
      of.largestOutput(),
      of.largestLine(),
      of.firstUnbounded()
    };
  }

  static Optional<BatchVerdict> find(JdbcClient jdbc, Instance.Id service, String file) {
    return jdbc.sql(
            """
            select b.requests, b.path, b.first_stored, b.fault, b.fault_line, b.models,
              b.quantities, b.tools, b.uses, %s
            from provider_objects o
            join batch_files b on b.object_row = o.id
            where o.service_id = :service and o.kind = 'files' and o.object_id = :file
              and o.state = 'live'
            """
                .formatted(PrimaryAnswers.COLUMN))
        .param("service", service.value())
        .param("file", file)
        .query(Row.mapper(row -> verdict(row)))
        .optional();
  }

  private static BatchVerdict verdict(Row row) throws SQLException {
    PrimaryAnswers.require(row);
    Optional<Integer> stored = row.optionalNumber("first_stored");
    return new BatchVerdict(
        row.number("requests"),
        row.text("path"),
        uses(row),
        stored.isPresent() ? OptionalInt.of(stored.get()) : OptionalInt.empty(),
        row.has("fault")
            ? Optional.of(
                new BatchRefusal(
                    row.number("fault_line"), BatchRefusal.Reason.valueOf(row.text("fault"))))
            : Optional.empty());
  }

  private static List<ModelUse> uses(Row row) throws SQLException {
    List<ModelUse> uses = ModelQuantities.read(row, 13, BatchFileRows::use);
    List<String> tools = row.texts("tools");
    List<FeesUsed> allowed = ModelQuantities.uses(row, uses.size());
    return IntStream.range(0, uses.size())
        .mapToObj(
            i ->
                uses.get(i)
                    .with(
                        tools.isEmpty() ? BatchTools.UNREAD : tools(tools.get(i), allowed.get(i))))
        .toList();
  }

  private static ModelUse use(String model, long[] of) {
    return new ModelUse(
        model,
        (int) of[0],
        (int) of[1],
        of[2],
        of[3],
        of[4],
        (int) of[5],
        of[6],
        of[7],
        of[8],
        (int) of[9],
        of[10],
        (int) of[11],
        (int) of[12],
        BatchTools.NONE);
  }
}
