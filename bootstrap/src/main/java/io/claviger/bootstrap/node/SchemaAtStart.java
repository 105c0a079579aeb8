package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.operator.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.UnsuitableDatabase;

/** Brings the schema up to date before anything else touches the database. */
final class SchemaAtStart {
  private SchemaAtStart() {}

  static void migrate(ConnectedDatabase database) {
    try (HikariDataSource owner = DataSources.patient(database.forMigrations(), 2)) {
      new Schema(owner).migrate();
    } catch (UnsuitableDatabase e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database went away while its schema was looked at", e);
    }
  }
}
