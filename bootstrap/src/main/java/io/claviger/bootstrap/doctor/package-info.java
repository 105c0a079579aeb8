/**
 * Contains the examinations that the command {@code doctor} makes. An examination changes nothing,
 * creates nothing, and reports its result in one line.
 */
package io.claviger.bootstrap.doctor;
