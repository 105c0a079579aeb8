package io.claviger.imports.shared;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A source of an import: the reader and the rules for another system. */
public interface ImportSource {
  /** Returns the other system's name in commands and in the audit trail, such as {@code coder}. */
  String program();

  /**
   * Returns the source database's identifier. The identifier is computed like {@link
   * ArrivalJournal#database}.
   */
  String identity();

  /**
   * Reads all data of the source, and returns the things to create. In the result, each thing comes
   * after the things that it needs. Secrets stay encrypted until they are needed.
   *
   * @param report the report, which gets an entry for each thing that is not imported
   * @throws UnreadableSource if the database can't be read or has an unknown schema
   * @throws WrongSourceKey if there are encrypted values, but the given key decrypts none of them
   */
  List<? extends Incoming> incoming(ReportBuilder report);

  /**
   * Reads further things, which are created after the things from {@link #incoming}. These things
   * might be too many for memory, so each thing is read only when the iterator returns it. No two
   * things of the result have the same kind and id.
   *
   * @param report the report, which gets an entry for each thing that is not imported
   * @throws UnreadableSource if the database can't be read; the iterator's methods throw it too
   */
  default Iterator<? extends Incoming> further(ReportBuilder report) {
    return Collections.emptyIterator();
  }

  /**
   * Thrown if the source's values are not encrypted with the given key. The message contains no
   * secret.
   */
  final class WrongSourceKey extends RuntimeException {
    public WrongSourceKey(String why) {
      super(why);
    }
  }
}
