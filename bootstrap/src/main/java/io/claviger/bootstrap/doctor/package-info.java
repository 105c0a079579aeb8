/**
 * The examinations of {@code claviger doctor}. An examination changes and creates nothing, and
 * reports its result in one line.
 */
package io.claviger.bootstrap.doctor;
