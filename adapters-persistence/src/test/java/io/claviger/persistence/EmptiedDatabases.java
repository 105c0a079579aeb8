package io.claviger.persistence;

import io.claviger.application.fakes.Seeds;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Databases that test classes use one after the other. Their connections know the tables already,
 * which saves most of what a first statement costs.
 */
final class EmptiedDatabases {
  /**
   * A function that deletes everything. It runs before most tests, and a connection plans the
   * statements of a function only once.
   */
  private static final String DEFINITION =
      """
      create schema if not exists emptying;
      create or replace function emptying.everything() returns void language plpgsql as $emptying$
      begin
      delete from webhooks;
      delete from told_events;
      delete from device_codes;
      delete from sign_ins;
      delete from projects;
      delete from model_configs;
      delete from users where handle <> '_system';
      delete from former_users;
      delete from trusted_issuers;
      delete from scim_tokens;
      delete from groups;
      delete from instances;
      delete from definitions where updated_at > '2026-01-01' or owner_handle <> '_system';
      delete from api_standards
        where handle not in (%s);
      delete from providers where created_at > '2026-01-01';
      update providers set content = null, version = 1, updated_at = created_at
        where content is not null;
      update retention set usage_months = null, audit_months = null, version = 1,
        updated_at = '2026-01-01T00:00:00Z';
      delete from batch_reservations;
      delete from issuer_keys;
      delete from audit_keys;
      delete from audit_head;
      delete from approvals;
      delete from reviews;
      delete from audit_push;
      delete from audit_unsealed;
      delete from frequent_events;
      delete from object_records;
      delete from frequent_event_sums;
      delete from encryption_keys;
      delete from nodes;
      delete from permit_leases;
      delete from token_leases;
      delete from token_debts;
      delete from place_leases;
      delete from budget_accounts;
      delete from budget_nodes;
      delete from capacity_accounts;
      delete from capacity_limits;
      delete from capacity_minutes;
      delete from capacity_nodes;
      delete from open_connections;
      delete from client_secrets;
      delete from current_activity;
      delete from activity_watch;
      delete from prices;
      delete from model_bounds;
      delete from usage_charges;
      delete from usage_rollups;
      delete from usage_periods;
      delete from usage_models;
      delete from usage_daily;
      delete from late_usage;
      delete from arrivals;
      if exists (select from audit_events) then
        alter table audit_events disable trigger audit_events_stand;
        delete from audit_events;
        alter table audit_events enable always trigger audit_events_stand;
      end if;
      if exists (select from audit_chain) then
        alter table audit_chain disable trigger audit_chain_stands;
        delete from audit_chain;
        alter table audit_chain enable always trigger audit_chain_stands;
      end if;
      end $emptying$
      """
          .formatted(
              Seeds.STANDARDS.stream()
                  .map(standard -> "'" + standard.handle().value() + "'")
                  .collect(Collectors.joining(", ")));

  /**
   * Lets the functions that give up after two seconds wait for a minute. A machine that stops for
   * two seconds would otherwise end each wait for a lock in a race.
   */
  private static final String PATIENCE =
      """
      do $patience$
      declare
        impatient regprocedure;
      begin
        for impatient in select p.oid from pg_proc p where 'lock_timeout=2s' = any (p.proconfig) loop
          execute format('alter function %s set lock_timeout = %L', impatient, '1min');
        end loop;
      end $patience$
      """;

  /** Databases that no class uses, each with the connections that it had. */
  private static final Queue<PostgresPorts> FREE = new ConcurrentLinkedQueue<>();

  private EmptiedDatabases() {}

  /**
   * Ports on an empty database that no other class uses until they are closed. For tests that
   * change neither the schema nor the seeds.
   */
  static PostgresPorts lend() {
    PostgresPorts free = FREE.poll();
    return (free == null ? new PostgresPorts(FREE::add) : free.reconnected()).emptied();
  }

  /** Makes a database ready for {@link #empty}. */
  static void prepare(JdbcClient sql) {
    int unused = sql.sql(DEFINITION).update();
    unused = sql.sql(PATIENCE).update();
  }

  /** Deletes everything except the seeds, in one transaction. */
  static void empty(JdbcClient sql) {
    Object unused = sql.sql("select emptying.everything()").query().singleRow();
  }
}
