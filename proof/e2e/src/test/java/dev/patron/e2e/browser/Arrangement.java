package dev.patron.e2e.browser;

import com.microsoft.playwright.Page;
import java.util.List;

/** How the parts of a page stand: what can be clicked overlaps nothing else that can, and stays inside its list item. */
final class Arrangement {

    /** What floats above the page is left out: it is meant to cover what is below it, and pages scroll. */
    private static final String FAULTS = """
            () => {
              const visible = element => element.getClientRects().length > 0
                && getComputedStyle(element).visibility === 'visible';
              const floats = element => element !== null
                && (getComputedStyle(element).position === 'fixed' || floats(element.parentElement));
              const name = element => (element.getAttribute('aria-label') ?? element.innerText ?? '').trim().split('\\n')[0];
              const all = [...document.querySelectorAll('header a, header button, main a, main button, main input, main summary')]
                .filter(element => visible(element) && !floats(element));
              const box = element => element.getBoundingClientRect();
              const faults = [];
              all.forEach((one, index) => {
                const rectangle = box(one);
                const item = one.closest('li');
                if (item) {
                  const room = box(item);
                  const out = Math.max(room.left - rectangle.left, room.top - rectangle.top,
                    rectangle.right - room.right, rectangle.bottom - room.bottom);
                  if (out > 1) {
                    faults.push(`${name(one)} leaves its item by ${Math.round(out)} px`);
                  }
                }
                for (const other of all.slice(index + 1)) {
                  const beside = box(other);
                  const wide = Math.min(rectangle.right, beside.right) - Math.max(rectangle.left, beside.left);
                  const high = Math.min(rectangle.bottom, beside.bottom) - Math.max(rectangle.top, beside.top);
                  if (wide > 1 && high > 1 && !one.contains(other) && !other.contains(one)) {
                    faults.push(`${name(one)} and ${name(other)} overlap by ${Math.round(wide)} by ${Math.round(high)} px`);
                  }
                }
              });
              for (const list of document.querySelectorAll('main ul, main ol')) {
                const rows = new Map();
                for (const item of [...list.children].filter(visible)) {
                  const top = Math.round(box(item).top);
                  rows.set(top, (rows.get(top) ?? 0) + 1);
                }
                if (new Set(rows.values()).size > 1) {
                  faults.push(`${name(list)}: rows of ${[...rows.values()].join(', ')} items`);
                }
                if (visible(list) && getComputedStyle(list).listStyleType !== 'none') {
                  faults.push(`${name(list)}: a list with the browser's own bullets`);
                }
              }
              const parts = [...document.querySelectorAll('.front > *')].map(box).filter(part => part.height > 0);
              const gaps = parts.slice(1).map((part, index) => Math.round(part.top - parts[index].bottom));
              if (new Set(gaps).size > 1) {
                faults.push(`Between the parts of the page are ${gaps.join(', ')} px`);
              }
              return faults;
            }
            """;

    private Arrangement() {}

    /** What is wrong with a page as it stands now; nothing when all is well. */
    @SuppressWarnings("unchecked") // the script answers an array of strings
    static List<String> faults(Page page) {
        return (List<String>) page.evaluate(FAULTS);
    }
}
