/** The rules of Claviger: values, permissions and decisions. They depend on no technology. */
package io.claviger.domain;
