package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.persistence.keys.SealedColumn;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The list of columns with sealed values is complete. */
final class SealedColumnsTest {
  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void every_column_that_refers_to_encryption_keys_is_known() {
    assertThat(known()).containsExactlyInAnyOrderElementsOf(catalogue());
  }

  /** A sentinel is what proves a key, and stays under it. */
  @Test
  void every_column_that_takes_what_looks_sealed_refers_to_encryption_keys() {
    assertThat(known())
        .containsExactlyInAnyOrderElementsOf(
            texts(
                """
                select o.conrelid::regclass || '.' || a.attname
                from pg_constraint o
                join pg_attribute a on a.attrelid = o.conrelid and a.attnum = any (o.conkey)
                where o.contype = 'c' and o.conrelid <> 'encryption_keys'::regclass
                  and pg_get_constraintdef(o.oid) like '%looks_sealed(%'
                """));
  }

  @Test
  void a_sealed_column_that_is_added_is_missed_until_rotation_knows_it() {
    for (String statement :
        List.of(
            "alter table projects add column note_sealed bytea check (looks_sealed(note_sealed))",
            """
            alter table projects
              add column note_sealed_under text collate "C"
                generated always as (sealed_under(note_sealed)) stored,
              add column note_sealed_state text collate "C"
                generated always as (case when note_sealed is not null then 'live' end) stored
            """,
            """
            alter table projects add constraint projects_note_sealed_fkey
              foreign key (note_sealed_under, note_sealed_state) references encryption_keys (id, state)
            """)) {
      int unused = sql.sql(statement).update();
    }

    assertThat(catalogue()).contains("projects.note_sealed");
    assertThat(known()).doesNotContain("projects.note_sealed");
  }

  /** A sealed-only write must not fire it, and any other column must. */
  @Test
  void the_trigger_that_ignores_sealing_anew_names_every_other_column() {
    List<String> named =
        texts(
            """
            select a.attname
            from pg_trigger t
            join pg_attribute a on a.attrelid = t.tgrelid and a.attnum = any (t.tgattr)
            where t.tgname = 'instances_note_change'
            """);

    assertThat(named)
        .containsExactlyInAnyOrderElementsOf(
            texts(
                """
                select attname
                from pg_attribute
                where attrelid = 'instances'::regclass and attnum > 0 and not attisdropped
                  and attgenerated = '' and attname not in ('api_key_sealed', 'headers_sealed')
                """));
  }

  private static List<String> known() {
    return Arrays.stream(SealedColumn.values()).map(c -> c.table() + "." + c.column()).toList();
  }

  /** The column that the first column of each reference to encryption keys is made from. */
  private List<String> catalogue() {
    return texts(
        """
        select o.conrelid::regclass || '.' || made_from.attname
        from pg_constraint o
        join pg_attribute u on u.attrelid = o.conrelid and u.attnum = o.conkey[1]
        join pg_attrdef d on d.adrelid = u.attrelid and d.adnum = u.attnum
        join pg_depend p on p.classid = 'pg_attrdef'::regclass and p.objid = d.oid
          and p.refclassid = 'pg_class'::regclass and p.refobjid = o.conrelid and p.refobjsubid <> u.attnum
        join pg_attribute made_from
          on made_from.attrelid = o.conrelid and made_from.attnum = p.refobjsubid
        where o.contype = 'f' and o.confrelid = 'encryption_keys'::regclass
        """);
  }

  private List<String> texts(String query) {
    return sql.sql(query).query((rs, n) -> rs.getString(1)).list();
  }
}
