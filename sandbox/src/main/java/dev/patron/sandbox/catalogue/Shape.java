package dev.patron.sandbox.catalogue;

import dev.patron.sandbox.catalogue.Material.Finish;

/** What a thing looks like from afar, for its picture: 400 by 400, in two colours before a wall. */
enum Shape {
    BASIN("M84 186h232c0 74-44 130-92 130h-48c-48 0-92-56-92-130z", "M84 186a116 26 0 0 1 232 0a116 26 0 0 1-232 0z"),
    JAR(
            "M132 158h136c16 0 26 12 26 30v104c0 24-14 40-38 40h-112c-24 0-38-16-38-40v-104c0-18 10-30 26-30z",
            "M140 120h120c8 0 12 6 12 12v14h-144v-14c0-6 4-12 12-12zM186 96h28v24h-28z"),
    PLANK(
            "M112 92h176c12 0 20 8 20 20v176c0 24-16 40-40 40h-136c-24 0-40-16-40-40v-176c0-12 8-20 20-20z",
            "M186 128a14 14 0 0 1 28 0a14 14 0 0 1-28 0zM128 300h144v6h-144z"),
    SPOON("M188 190h24l8 140c0 12-40 12-40 0z", "M150 126c0-38 22-62 50-62s50 24 50 62c0 40-22 70-50 70s-50-30-50-70z"),
    TRAY("M64 224h272l-22 84c-2 8-8 12-16 12h-196c-8 0-14-4-16-12z", "M64 224l26-44h220l26 44z"),
    FOLDED("M86 236h228v72c0 8-6 14-14 14h-200c-8 0-14-6-14-14z", "M86 236l18-46h192l18 46zM104 190l14-38h164l14 38z"),
    CHEST("M92 172h216v136c0 10-6 16-16 16h-184c-10 0-16-6-16-16z", "M92 172l26-48h164l26 48zM184 196h32v22h-32z"),
    DISK("M70 214a130 92 0 0 1 260 0a130 92 0 0 1-260 0z", "M112 210a88 58 0 0 1 176 0a88 58 0 0 1-176 0z"),
    BOTTLE(
            "M176 140h48v34c34 16 50 44 50 84v44c0 16-10 28-28 28h-92c-18 0-28-12-28-28v-44c0-40 16-68 50-84z",
            "M172 104h56v36h-56z"),
    BOOK(
            "M116 92h156c10 0 16 6 16 16v200c0 10-6 16-16 16h-156z",
            "M116 92h26v232h-26zM172 132h84v10h-84zM172 154h56v8h-56z"),
    BEAKER(
            "M126 136h148l-18 178c-2 12-10 18-22 18h-68c-12 0-20-6-22-18z",
            "M126 136a74 18 0 0 1 148 0a74 18 0 0 1-148 0z"),
    LANTERN(
            "M128 176h144v128c0 14-10 24-24 24h-96c-14 0-24-10-24-24z",
            "M148 196h104v108h-104zM128 176l44-52h56l44 52zM186 124c0-36 28-36 28 0z"),
    ROLLER(
            "M92 176h216c16 0 28 16 28 28s-12 28-28 28h-216c-16 0-28-16-28-28s12-28 28-28z",
            "M36 194h30v20h-30zM334 194h30v20h-30z");

    private final String body;
    private final String part;

    Shape(String body, String part) {
        this.body = body;
        this.part = part;
    }

    /** The picture. */
    String picture(Finish finish) {
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">
                <defs>
                <linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#ece7dc"/>\
                <stop offset="1" stop-color="#d6cdbb"/></linearGradient>
                <linearGradient id="light" x1="0" y1="0" x2="1" y2="0"><stop stop-color="#fff" stop-opacity=".35"/>\
                <stop offset=".5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-opacity=".18"/></linearGradient>
                </defs>
                <rect width="400" height="400" fill="url(#wall)"/>
                <circle cx="200" cy="196" r="150" fill="#fff" opacity=".32"/>
                <ellipse cx="200" cy="334" rx="116" ry="12" fill="#3a2a18" opacity=".2"/>
                <path d="%1$s" fill="%3$s"/>
                <path d="%1$s" fill="url(#light)"/>
                <path d="%2$s" fill="%4$s"/>
                </svg>
                """.formatted(body, part, finish.colour(), finish.shade());
    }
}
