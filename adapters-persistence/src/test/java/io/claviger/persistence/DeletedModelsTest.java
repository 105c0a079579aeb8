package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AModelConfig;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the database keeps of deleted models. */
@SuppressWarnings("NullAway.Init") // set before each test
final class DeletedModelsTest {
  private static final Instant AT = Seeds.SEEDED_AT.plusSeconds(60);
  @AutoClose private static final PostgresPorts PORTS = EmptiedDatabases.lend();

  private User root;
  private User other;
  private ModelConfig bound;
  private ModelConfig unbound;
  private Instance service;

  @BeforeEach
  void begin() {
    assertThat(PORTS.emptied().users().isEmpty()).isTrue();
    root = AUser.called("root").administrator().build();
    other = AUser.called("other").administrator().build();
    PORTS.users().insert(root);
    PORTS.users().insert(other);
    service = AnInstance.systemLevel("s").build();
    PORTS.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    bound = AModelConfig.of("bound").boundTo(service).asDefault().build();
    unbound = AModelConfig.of("unbound").version(7).build();
    PORTS.modelConfigs().insert(bound, root.id());
    PORTS.modelConfigs().insert(unbound, root.id());
  }

  @Test
  void each_says_when_and_by_whom_however_it_was_deleted() {
    PORTS.modelConfigs().delete(unbound.id(), other.id(), AT);
    assertThat(PORTS.modelConfigs().deleteBoundTo(service.id(), other.id(), AT)).hasSize(1);

    assertThat(rows())
        .containsExactly(
            "bound f created by root, deleted by other after 60 s, version 2",
            "unbound f created by root, deleted by other after 60 s, version 8");
  }

  @Test
  void so_do_the_unbound_ones_of_a_provider() {
    assertThat(PORTS.modelConfigs().deleteUnboundOf(Provider.OPENAI, other.id(), AT)).hasSize(1);

    assertThat(rows())
        .containsExactly(
            "bound t created by root, version 1",
            "unbound f created by root, deleted by other after 60 s, version 8");
  }

  @Test
  void that_it_was_deleted_outlives_who_did_it() {
    PORTS.modelConfigs().delete(bound.id(), other.id(), AT);

    PORTS.users().delete(other.id());

    assertThat(rows()).contains("bound f created by root, deleted by nobody after 60 s, version 2");
  }

  private static List<String> rows() {
    return PORTS
        .sql()
        .sql(
            """
            select m.model || ' ' || left(cast(m.is_default as text), 1)
              || ' created by ' || c.handle
              || coalesce(', deleted by ' || coalesce(d.handle, 'nobody') || ' after '
                || cast(extract(epoch from m.deleted_at - m.created_at) as integer) || ' s', '')
              || ', version ' || m.version
            from model_configs m
            join users c on c.id = m.created_by
            left join users d on d.id = m.deleted_by
            order by m.model
            """)
        .query((rs, n) -> rs.getString(1))
        .list();
  }
}
