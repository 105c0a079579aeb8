package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StillReferenced;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.ReferredRows;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the violation of a foreign key means follows from the name of the foreign key. */
final class ForeignKeysTest {
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  @Test
  void every_foreign_key_that_protects_rows_is_listed() {
    List<String> listed =
        Stream.of(ReferredRows.values())
            .flatMap(rows -> rows.foreignKeys().stream())
            .distinct()
            .sorted()
            .toList();

    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select conname
                    from pg_constraint
                    where contype = 'f' and (confdeltype in ('a', 'r') or confupdtype = 'r')
                    """)
                .query(String.class)
                .list())
        .containsExactlyInAnyOrderElementsOf(listed);
    assertThat(ReferredRows.USERS.foreignKeys()).containsAll(ReferredRows.INSTANCES.foreignKeys());
  }

  /**
   * Without an index, each deletion of a referenced row reads the whole table. Encryption keys and
   * providers are rarely deleted, and names that programs declare never.
   */
  @Test
  void every_reference_to_rows_that_are_often_deleted_is_found_by_an_index() {
    assertThat(
            PORTS
                .sql()
                .sql(
                    """
                    select o.conname
                    from pg_constraint o
                    where o.contype = 'f'
                      and o.confrelid not in ('encryption_keys'::regclass, 'providers'::regclass,
                        'credential_kinds'::regclass, 'federation_providers'::regclass,
                        'wire_formats'::regclass)
                      and not exists (
                        select from pg_index i
                        where i.indrelid = o.conrelid and i.indkey[0] = any (o.conkey)
                          and (i.indpred is null
                            or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))
                    """)
                .query(String.class)
                .list())
        .isEmpty();
  }

  @Test
  void the_meaning_does_not_depend_on_the_text_of_the_statement() {
    User alice = AUser.called("alice").build();
    User bob = AUser.called("bob").build();
    PORTS.users().insert(alice);
    PORTS.users().insert(bob);
    Instance used = AnInstance.of(alice, "i").build();
    PORTS.instances().insert(used, new SecretChange.Keep(), new SecretChange.Keep());
    PORTS.projects().insert(AProject.of(bob, "p").using(used).build());
    Database database = new Database(PORTS.dataSource());

    assertThatExceptionOfType(StillReferenced.class)
        .isThrownBy(
            () ->
                database
                    .jdbc(ReferredRows.INSTANCES)
                    .sql("with one as (select 1) delete from instances where id = :id")
                    .param("id", used.id().value())
                    .update());
    assertThatExceptionOfType(ConcurrencyConflict.class)
        .isThrownBy(
            () ->
                database
                    .jdbc()
                    .sql("with one as (select 1) update projects set instance_id = :id")
                    .param("id", bob.id().value())
                    .update())
        .satisfies(e -> assertThat(e.how()).isEqualTo(ConcurrencyConflict.How.REFERENCE_GONE));
  }
}
