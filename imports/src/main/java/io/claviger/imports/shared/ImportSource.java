package io.claviger.imports.shared;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A source of an import: the reader and the rules for another system. */
public interface ImportSource {
  /** The name that commands and the audit trail give the other system, such as {@code coder}. */
  String program();

  /**
   * Returns an identifier of the source database. It is computed in the same way as {@link
   * ArrivalJournal#database}.
   */
  String identity();

  /**
   * Reads all data of the source, and returns the things that are to be created. Each thing comes
   * after those things that it needs. Secrets remain encrypted until they are needed.
   *
   * @param report receives entries about things that are not imported
   * @throws UnreadableSource if the database can't be read, or if its schema is not known
   * @throws WrongSourceKey if there are encrypted values and the given key decrypts none of them
   */
  List<? extends Incoming> incoming(ReportBuilder report);

  /**
   * Reads further things, which are created after those that {@link #incoming} returns, and which
   * may be too many to be in memory at the same time. A thing is read only when the iterator
   * returns it. No two of these things have the same kind and id.
   *
   * @param report receives entries about things that are not imported
   * @throws UnreadableSource if the database can't be read; the methods of the iterator throw the
   *     same exception
   */
  default Iterator<? extends Incoming> further(ReportBuilder report) {
    return Collections.emptyIterator();
  }

  /**
   * Thrown if the source has not encrypted its values with the given key. The message contains no
   * secret.
   */
  final class WrongSourceKey extends RuntimeException {
    public WrongSourceKey(String why) {
      super(why);
    }
  }
}
