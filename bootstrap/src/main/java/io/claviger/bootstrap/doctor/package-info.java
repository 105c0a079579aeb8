/**
 * The examinations of {@code doctor}. Each one changes nothing, creates nothing, and reports its
 * result in one line.
 */
package io.claviger.bootstrap.doctor;
