/**
 * The examinations of {@code doctor}. An examination changes nothing, creates nothing, and reports
 * its result in one line.
 */
package io.claviger.bootstrap.doctor;
