/** What the use cases of projects need from outside. */
@NullMarked
package io.claviger.application.projects.out;

import org.jspecify.annotations.NullMarked;
