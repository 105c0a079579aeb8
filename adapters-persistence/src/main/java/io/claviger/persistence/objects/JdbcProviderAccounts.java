package io.claviger.persistence.objects;

import io.claviger.application.instances.port.ProviderAccounts;
import io.claviger.domain.instances.Instance;
import io.claviger.persistence.shared.Database;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Implements {@link ProviderAccounts} with the column {@code account} of table {@code instances}.
 */
public final class JdbcProviderAccounts implements ProviderAccounts {
  private final JdbcClient jdbc;

  public JdbcProviderAccounts(Database database) {
    this.jdbc = database.jdbc();
  }

  @Override
  public boolean holdsObjects(Instance.Id service) {
    return jdbc.sql(
            """
            select exists (
                select from provider_objects
                where service_id = :service
                  and (state in ('deleting', 'orphan')
                    or (state = 'live'
                      and (expires_at is null or expires_at > statement_timestamp()))))
              or exists (select from shared_objects where service_id = :service)
            """)
        .param("service", service.value())
        .query(Boolean.class)
        .single();
  }

  @Override
  public int change(Instance.Id service) {
    Database.require(
        1, update("update instances set account = account + 1 where id = :service", service));
    int unshared = update("delete from shared_objects where service_id = :service", service);
    int ended =
        jdbc.sql("select leave_objects_of_account(:service)")
            .param("service", service.value())
            .query(Integer.class)
            .single();
    return unshared + ended;
  }

  private int update(String statement, Instance.Id service) {
    return jdbc.sql(statement).param("service", service.value()).update();
  }
}
